package dev.ashlar.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ashlar.training.Checkpoint;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A signal ends a run after its step, with a checkpoint that it can go on from. */
class SignalsTest {

  @TempDir
  private Path folder;

  @Test
  @Timeout(120)
  void aRunThatIsToldToEndWritesACheckpointFirst() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "needs a shell that sends signals");
    Path config = SmallRun.write(folder);
    Path run = folder.resolve("run");
    Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"),
        Main.class.getName(), "train", config.toString(), "--out", run.toString(), "--json", "--set",
        "train.epochs=10000000").redirectErrorStream(true).start();
    try (BufferedReader told = process.inputReader()) {
      String line;
      while ((line = told.readLine()) != null && !line.matches(" +1 .*")) {
        assertThat(line).doesNotContain("found:");
      }
      assertThat(new ProcessBuilder("/bin/sh", "-c", "kill -TERM " + process.pid()).start().waitFor()).isZero();
      List<String> rest = told.lines().toList();
      assertThat(process.waitFor()).isEqualTo(143);
      String end = rest.stream().collect(Collectors.joining("\n"));
      long step = Checkpoint.newest(run.resolve("checkpoints"), e -> { throw new AssertionError(e); }).orElseThrow().step();
      assertThat(end).contains("stopping after this step, with a checkpoint; once more to stop at once",
          "interrupted after step " + step + "; to go on: ashlar train --resume " + run);
      assertThat(rest).anyMatch(each -> each.startsWith("{\"interrupted\":true,\"step\":" + step + ","));
    } finally {
      process.destroyForcibly();
    }
    assertThat(run.resolve("metrics.jsonl")).content().contains("\"reason\":\"interrupted\"");
    assertThat(run.resolve("model.safetensors")).doesNotExist();
  }
}
