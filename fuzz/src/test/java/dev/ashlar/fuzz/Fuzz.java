package dev.ashlar.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Looks for files that a reader cannot bear, guided by what of it they reach: {@code fuzz/run.sh}. Each target runs in
 * a JVM of its own, under Jazzer; what reaches more than before goes into its archive, and what made it fail into
 * {@code src/test/resources/found}, to be mended and to stay as a test.
 */
public final class Fuzz {

  private static final Path WORK = Path.of("target/fuzz");
  private static final String HOOKS = Stream.of(
          "BigDecimal", "FilePathTraversal", "ReflectiveCall", "RegexInjection", "ServerSideRequestForgery")
      .map("com.code_intelligence.jazzer.sanitizers."::concat).collect(Collectors.joining(":"));
  private static final Pattern EXECUTIONS = Pattern.compile("stat::number_of_executed_units:\\s*(\\d+)");
  private static final Pattern COVERAGE = Pattern.compile("cov: (\\d+) ft: (\\d+)");

  private Fuzz() {}

  /** @param args minutes for each target, then names of targets; all if there are none */
  public static void main(String[] args) throws IOException, InterruptedException {
    long seconds = Math.round(60 * Double.parseDouble(args[0]));
    List<Target> targets = args.length == 1 ? List.of(Target.values()) : Arrays.stream(args).skip(1)
        .map(name -> Target.valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'))).toList();
    int failures = 0;
    for (Target target : targets) {
      failures += new Hunt(target).run(seconds);
    }
    System.exit(failures == 0 ? 0 : 1);
  }

  /** For inputs of one target. */
  private record Hunt(Target target) {

    /** How many inputs made it fail. */
    int run(long seconds) throws IOException, InterruptedException {
      Corpus corpus = new Corpus(target);
      Path work = WORK.resolve(target.title() + "-" + System.currentTimeMillis());
      Path inputs = work.resolve("inputs");
      corpus.unpack(inputs);
      Path log = work.resolve("log");
      long start = System.nanoTime();
      start(log, "-max_total_time=" + seconds, "-artifact_prefix=" + work + "/", "-print_final_stats=1",
          "--keep_going=20", "--reproducer_path=" + work, inputs.toString()).waitFor();
      Duration time = Duration.ofNanos(System.nanoTime() - start);
      Path merged = Files.createDirectories(work.resolve("merged"));
      Path mergeLog = work.resolve("merge.log");
      if (start(mergeLog, "-merge=1", merged.toString(), inputs.toString()).waitFor() == 0) {
        corpus.pack(merged);
      } else {
        System.err.println("the inputs could not be merged: " + mergeLog);
      }
      int found = keep(work, corpus.found());
      String said = Files.readString(log);
      System.out.printf(Locale.ROOT, "%-20s %5d s %,12d executions, coverage %s, %d inputs, %d found%n",
          target.title(), time.toSeconds(), last(EXECUTIONS, said), coverage(said), corpus.inputs().size(), found);
      if (found > 0) {
        System.out.println("  see " + corpus.found() + " and " + log);
      }
      return found;
    }

    private static int keep(Path work, Path into) throws IOException {
      try (Stream<Path> files = Files.list(work)) {
        List<Path> found = files.filter(f -> f.getFileName().toString().matches("(crash|timeout|oom)-.*")).toList();
        for (Path file : found) {
          Files.createDirectories(into);
          Files.copy(file, into.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
        }
        return found.size();
      }
    }

    private static long last(Pattern pattern, String text) {
      return pattern.matcher(text).results().mapToLong(m -> Long.parseLong(m.group(1))).reduce(0, (a, b) -> b);
    }

    private static String coverage(String text) {
      Matcher matcher = COVERAGE.matcher(text);
      String last = "unknown";
      while (matcher.find()) {
        last = matcher.group(1) + " edges, " + matcher.group(2) + " features";
      }
      return last;
    }

    private Process start(Path log, String... arguments) throws IOException {
      List<String> command = new ArrayList<>(List.of(
          Path.of(System.getProperty("java.home"), "bin", "java").toString(),
          "-Xmx1g", "-XX:MaxDirectMemorySize=512m", "-XX:+UseSerialGC", "-Xss4m", // instrumented frames are larger
          "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow",
          "-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"),
          "-cp", System.getProperty("java.class.path"),
          "com.code_intelligence.jazzer.Jazzer",
          "--target_class=" + Fuzzed.class.getName(), "--target_args=" + target.name(),
          "--instrumentation_includes=dev.ashlar.**:com.fasterxml.**:de.siegmar.**:org.snakeyaml.**"
              + ":com.sun.imageio.plugins.**",
          "--instrumentation_excludes=dev.ashlar.fuzz.**",
          // What they look for, such as paths that are made of input, is what readers are there for.
          "--disabled_hooks=" + HOOKS,
          "-timeout=20", "-rss_limit_mb=4096", "-max_len=8192"));
      command.addAll(List.of(arguments));
      return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    }
  }
}
