package dev.ashlar.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ashlar.cli.Console.Ended;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that trains takes the memory that {@code summary} says, beside the JVM's own. */
class MemoryTest {

  private static final Pattern SAID =
      Pattern.compile("([\\d.,]+) MB to train in batches of .*, took [\\d.,]+ MB \\(measured\\)");
  private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");

  @TempDir
  private Path folder;

  /** Runs the command line, then prints what Linux says of this process. */
  static final class Process {
    public static void main(String[] arguments) throws Exception {
      int code = Main.run(new PrintWriter(System.out, true), new PrintWriter(System.err, true), arguments);
      System.out.println(Files.readString(Path.of("/proc/self/status")));
      System.exit(code);
    }
  }

  @Test
  void asMuchAsPlanned() throws Exception {
    assumeTrue(Files.isReadable(Path.of("/proc/self/status")), "needs Linux to tell the memory of a process");
    Path large = configuration("large", 2048, 4);
    double jvm = peak(configuration("small", 8, 1));
    double planned = planned(large);
    double taken = peak(large) - jvm;
    assertThat(planned).isGreaterThan(300);
    assertThat(taken).as("MB beside the %s of a JVM that trains nearly nothing", jvm)
        .isBetween(0.85 * planned, 1.15 * planned);
  }

  /** Weights are read in their file, as wide as they are there, and nowhere else. */
  @Test
  void halfWideWeightsTakeHalf() throws Exception {
    assumeTrue(Files.isReadable(Path.of("/proc/self/status")), "needs Linux to tell the memory of a process");
    Path large = trained("large", 2048, 8);
    Path halved = folder.resolve("halved.safetensors");
    assertThat(Console.run("convert", large, "--dtype", "bf16", "--output", halved).code()).isZero();
    double jvm = predicting(trained("small", 8, 8));
    double wide = predicting(large) - jvm;
    double half = predicting(halved) - jvm;
    double weights = Files.size(large) * 1e-6;
    assertThat(weights).isGreaterThan(115);
    assertThat(Files.size(halved) * 1e-6).isBetween(0.5 * weights, 0.51 * weights);
    assertThat(wide).as("MB for %s of weights beside the %s of a JVM that predicts with nearly none", weights, jvm)
        .isBetween(0.85 * weights, 1.15 * weights);
    assertThat(half).as("the same in bf16").isBetween(0.85 * weights / 2, 1.15 * weights / 2);
  }

  /** A model that has learnt a little. */
  private Path trained(String name, int width, int layers) throws Exception {
    Path config = configuration(name, width, layers);
    Ended ended = Console.run("train", config, "--out", folder.resolve("run-" + name), "--set", "train.epochs=1",
        "--set", "data.source.random.rows=16", "--set", "train.batch=4");
    assertThat(ended.code()).as(ended.err()).isZero();
    return folder.resolve("run-" + name).resolve("model.safetensors");
  }

  private double predicting(Path model) throws Exception {
    Path input = Files.writeString(folder.resolve("input.csv"), "0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5\n");
    return peakOf("predict", model.toString(), "--input", input.toString(), "--output",
        folder.resolve("output.csv").toString());
  }

  private Path configuration(String name, int width, int layers) throws Exception {
    String dense = "{dense: {units: " + width + "}}, relu, ";
    return Files.writeString(folder.resolve(name + ".yaml"), """
        data: {source: {random: {rows: 1366}}, split: {validation: 0.25}}
        model: [%s{dense: 1}]
        loss: mean_squared_error
        optimizer: {adam: 0.001}
        train: {epochs: 1, batch: 1024}
        """.formatted(dense.repeat(layers)));
  }

  private static double planned(Path config) throws Exception {
    Ended summary = Console.run("summary", config);
    assertThat(summary.code()).as(summary.err()).isZero();
    Matcher said = SAID.matcher(summary.out().lines().toList().getLast());
    assertThat(said.matches()).as(summary.out()).isTrue();
    return Double.parseDouble(said.group(1).replace(",", ""));
  }

  /** The most memory that the process of a training run had at a time, in MB. */
  private double peak(Path config) throws Exception {
    return peakOf("train", config.toString(), "--out", folder.resolve("out-" + config.getFileName()).toString());
  }

  private static double peakOf(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC",
        // The heap counts whole in each, however much of it is garbage.
        "-Xms64m", "-Xmx64m", "-XX:+AlwaysPreTouch", "-cp",
        System.getProperty("java.class.path"), Process.class.getName()));
    command.addAll(List.of(arguments));
    java.lang.Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(told).isZero();
    Matcher peak = PEAK.matcher(told);
    assertThat(peak.find()).as(told).isTrue();
    return Long.parseLong(peak.group(1)) * 1.024e-3;
  }
}
