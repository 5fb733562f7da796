package dev.ashlar.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ashlar.training.Checkpoint;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A signal ends a run after its step, with a checkpoint that it can go on from; a second one at once. */
class SignalsTest {

  private static final String STOPPING = "stopping after this step, with a checkpoint; once more to stop at once";

  @TempDir
  private Path folder;

  @BeforeEach
  void needsAShell() {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "needs a shell that sends signals");
  }

  private static Process train(Path config, Path run, String... more) throws IOException {
    List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"),
        Main.class.getName(), "train", config.toString(), "--out", run.toString()));
    command.addAll(List.of(more));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private static int shell(String line) throws IOException, InterruptedException {
    return new ProcessBuilder("/bin/sh", "-c", line).start().waitFor();
  }

  private static void send(String signal, Process to) throws IOException, InterruptedException {
    assertThat(shell("kill -" + signal + " " + to.pid())).isZero();
  }

  @Test
  @Timeout(120)
  void aRunThatIsToldToEndWritesACheckpointFirst() throws Exception {
    Path run = folder.resolve("run");
    Process process = train(SmallRun.write(folder), run, "--json", "--set", "train.epochs=10000000");
    try (BufferedReader told = process.inputReader()) {
      String line;
      while ((line = told.readLine()) != null && !line.matches(" +1 .*")) {
        assertThat(line).doesNotContain("found:");
      }
      send("TERM", process);
      List<String> rest = told.lines().toList();
      assertThat(process.waitFor()).isEqualTo(143);
      String end = rest.stream().collect(Collectors.joining("\n"));
      long step = Checkpoint.newest(run.resolve("checkpoints"), e -> { throw new AssertionError(e); }).orElseThrow().step();
      assertThat(end).contains(STOPPING, "interrupted after step " + step + "; to go on: ashlar train --resume " + run);
      assertThat(rest).anyMatch(each -> each.startsWith("{\"interrupted\":true,\"step\":" + step + ","));
    } finally {
      process.destroyForcibly();
    }
    assertThat(run.resolve("metrics.jsonl")).content().contains("\"reason\":\"interrupted\"");
    assertThat(run.resolve("model.safetensors")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({"TERM, 143", "INT, 130"})
  @Timeout(120)
  void aSecondSignalEndsItAtOnce(String signal, int code) throws Exception {
    assumeTrue(shell("kill -" + signal + " $$; exit 7") != 7, "this process was told to ignore " + signal);
    Path run = folder.resolve("run");
    // Its first step takes a minute or so.
    Path config = Files.writeString(folder.resolve("long.yaml"), """
        data: {source: {random: {rows: 10000000}}}
        model: [{dense: 16}, relu, {dense: 1}]
        loss: mean_squared_error
        optimizer: {adam: 0.01}
        train: {epochs: 1, batch: 1, accumulate: 10000000}
        """);
    Process process = train(config, run);
    try (BufferedReader told = process.inputReader()) {
      String line;
      while ((line = told.readLine()) != null && !line.contains("parameters")) {
        assertThat(line).doesNotContain("found:");
      }
      TimeUnit.SECONDS.sleep(1); // signals are waited for soon after, on another thread
      send(signal, process);
      while ((line = told.readLine()) != null && !line.equals(STOPPING)) {
        assertThat(line).doesNotContain("found:");
      }
      assertThat(line).as("the first is heard").isNotNull();
      assertThat(process.waitFor(1, TimeUnit.SECONDS)).as("the step is not done").isFalse();
      send(signal, process);
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).as("the second ends it").isTrue();
      assertThat(process.exitValue()).isEqualTo(code);
      assertThat(told.lines().toList()).isEmpty();
    } finally {
      process.destroyForcibly();
    }
    assertThat(run.resolve("checkpoints")).doesNotExist();
  }
}
