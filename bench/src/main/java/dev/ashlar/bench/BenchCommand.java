package dev.ashlar.bench;

import dev.ashlar.backend.cpu.Cpu;
import dev.ashlar.backend.cpu.Emission;
import dev.ashlar.cli.ProfileReport;
import dev.ashlar.cli.Subcommand;
import dev.ashlar.program.Backend;
import dev.ashlar.runtime.Profile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ashlar bench}: times workloads on the CPU backend. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Times training steps, inference and single operations; all workloads if none is named.",
    footerHeading = "%nExamples:%n",
    footer = {
        "  ashlar bench --threads 2 --seconds 3 mlp gpt-cpu",
        "  ashlar bench softmax adamw             # single operations",
        "  ashlar bench --limits                  # what the machine can do"})
public final class BenchCommand implements Subcommand {

  /** Seconds for one workload: a day. */
  private static final int LONGEST = 86_400;

  @Spec CommandSpec spec;

  @Option(names = "--json", description = "one JSON object a line instead of a table")
  boolean json;

  @Option(names = "--threads", paramLabel = "N", description = "threads to use; default, and 0: all cores")
  int threads;

  @Option(names = "--seconds", paramLabel = "S", defaultValue = "4",
      description = "how long each workload is run; default: ${DEFAULT-VALUE}")
  double seconds;

  @Option(names = "--emitter", paramLabel = "NAME", defaultValue = "auto",
      description = "how kernels are made: auto, machine, machine-avx2, bytecode, bytecode-plain, interpreter;"
          + " default: auto")
  String emitter;

  @Option(names = "--limits", description = "only measure what the machine can do: multiply-adds and memory")
  boolean limits;

  @Option(names = "--startup",
      description = "time from the start of the process to the first and the tenth run of one workload")
  boolean startup;

  @Option(names = "--profile",
      description = "tell where the time went, by layer and by kernel, and write traces to runs/bench")
  boolean profile;

  @Parameters(paramLabel = "WORKLOAD", arity = "0..*", description = "which: a workload, or a single operation such"
      + " as softmax, adamw or attention-long; default: all workloads")
  List<String> names = List.of();

  @Override
  public Integer call() throws IOException {
    checkNumbers();
    checkOptions();
    List<Workload> workloads = limits ? List.of() : chosen();
    PrintWriter out = spec.commandLine().getOut();
    try (Backend backend = Cpu.defaults().withThreads(threads).withEmitter(emission()).open()) {
      if (startup) {
        out.println(Startup.of(workloads.getFirst(), backend).toText(json));
        return 0;
      }
      Limits measuredLimits = Limits.measure(cores());
      if (!json) {
        out.println(backend.describe());
        out.println(measuredLimits.toText());
      } else if (limits) {
        out.println(measuredLimits.toJson());
      }
      if (!json && !workloads.isEmpty()) {
        out.println(Measurement.header());
      }
      for (Workload workload : workloads) {
        measure(workload, backend, measuredLimits, out);
      }
    }
    return 0;
  }

  private void measure(Workload workload, Backend backend, Limits limit, PrintWriter out) throws IOException {
    Profile times = new Profile();
    if (profile) {
      backend.profile(times);
    }
    try (Workload.Prepared prepared = workload.setup().prepare(backend)) {
      Measurement measured = Measurement.of(prepared, seconds);
      out.println(json ? measured.toJson(workload, limit) : measured.toRow(workload, limit));
      out.flush();
    }
    if (profile) {
      Path trace = Files.createDirectories(Path.of("runs", "bench")).resolve(workload.name() + ".trace.json");
      ProfileReport.print(json ? spec.commandLine().getErr() : out, times, trace);
    }
  }

  private int cores() {
    return threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
  }

  private void checkNumbers() {
    if (threads < 0 || threads > Cpu.MOST_THREADS) {
      throw new ParameterException(spec.commandLine(),
          "--threads " + threads + ": give a whole number from 0 (all cores) to " + Cpu.MOST_THREADS);
    }
    if (!(seconds > 0 && seconds <= LONGEST)) {
      throw new ParameterException(spec.commandLine(),
          "--seconds " + seconds + ": give a number above 0, at most " + LONGEST);
    }
  }

  private void checkOptions() {
    if (limits && !names.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "--limits with workloads: they are not run then; leave one out");
    }
    if (startup && (limits || names.size() != 1)) {
      throw new ParameterException(spec.commandLine(), "--startup with " + names.size()
          + " workloads: give one, because it is the start of this process that is timed");
    }
    if (profile && (limits || startup)) {
      throw new ParameterException(spec.commandLine(),
          "--profile with --limits or --startup: it needs workloads that are run");
    }
  }

  private Emission emission() {
    for (Emission each : Emission.values()) {
      if (each.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(emitter.replace('_', '-'))) {
        return each;
      }
    }
    throw new ParameterException(spec.commandLine(), "no emitter '" + emitter + "'; there are "
        + Arrays.stream(Emission.values()).map(e -> e.name().toLowerCase(Locale.ROOT).replace('_', '-'))
            .collect(Collectors.joining(", ")));
  }

  private static String named(List<Workload> workloads) {
    return workloads.stream().map(Workload::name).collect(Collectors.joining(", "));
  }

  private List<Workload> chosen() {
    if (names.isEmpty()) {
      return Workloads.all();
    }
    List<Workload> chosen = new ArrayList<>();
    for (String name : names) {
      chosen.add(Workloads.find(name).orElseThrow(() -> new ParameterException(spec.commandLine(),
          "no workload '" + name + "'; there are " + named(Workloads.all()) + "; and single operations: "
              + named(Operations.all()))));
    }
    return chosen;
  }
}
