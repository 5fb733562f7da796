package dev.ashlar.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ashlar.training.Checkpoint;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints where no file may be as large as they need: {@code ulimit -f}, as on a disk that is full. */
class FileLimitTest {

  /** In blocks of 512 bytes: the model has room, what the optimizer keeps has not. */
  private static final int LIMIT = 250;

  @TempDir
  private Path folder;

  private record Ended(int code, String told) {}

  private Ended limited(Object... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", "ulimit -f " + LIMIT + "; exec \"$@\"", "sh",
        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--enable-native-access=ALL-UNNAMED",
        "-XX:+UseSerialGC", "-XX:-UsePerfData", "-XX:TieredStopAtLevel=1", "-cp",
        System.getProperty("java.class.path"), Main.class.getName(), "train"));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), told.replace(folder.toString(), "DIR"));
  }

  @Test
  @Timeout(120)
  void theOldCheckpointIsIntactAndTheReasonIsTold() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "needs a shell that sets limits");
    Path config = SmallRun.write(folder);
    Files.writeString(config, Files.readString(config).replace("{dense: 4}", "{dense: 4000}"));
    Path run = folder.resolve("run");
    Console.Ended first = Console.run("train", config, "--out", run, "--set", "train.epochs=1");
    assertThat(first.code()).as(first.err()).isZero();

    Ended goesOn = limited("--resume", run, "--set", "train.epochs=3");
    assertThat(goesOn.code()).as(goesOn.told()).isZero();
    assertThat(goesOn.told()).contains("""
        warning: no checkpoint was written after step 12; step-000000004 is untouched, and training goes on, to try again
        DIR/run/checkpoints/step-000000012
          found:    a limit on the size of files
          expected: room for the whole file
        """);
    assertThat(Checkpoint.read(run.resolve("checkpoints/step-000000004")).step()).isEqualTo(4);
    assertThat(run.resolve("checkpoints").toFile().list()).containsExactly("step-000000004");

    Ended stops = limited("--resume", run, "--set", "train={epochs: 5, batch: 8, seed: 1, checkpoint:"
        + " {steps: 6, on_failure: stop}}");
    assertThat(stops.code()).as(stops.told()).isEqualTo(1);
    assertThat(stops.told()).contains("training stopped, as no checkpoint was written after step ", "a limit on the size of files").doesNotContain("\tat ");
    assertThat(run.resolve("checkpoints").toFile().list()).containsExactly("step-000000004");
    assertThat(run.resolve("metrics.jsonl")).content().contains("\"reason\":\"failed\"");
  }
}
