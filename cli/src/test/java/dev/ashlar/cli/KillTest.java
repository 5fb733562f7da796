package dev.ashlar.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.config.Value;
import dev.ashlar.io.checkpoint.CheckpointSeries;
import dev.ashlar.io.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run that is killed again and again, while it writes checkpoints too, comes to the same bits. With {@code
 * -Dashlar.kills=200} (see bench/src/main/scripts/kills.sh) as often as wanted; the seed of the moments is {@code
 * ashlar.kills.seed}.
 */
class KillTest {

  private static final int KILLS = Integer.getInteger("ashlar.kills", 10);
  private static final long SEED = Long.getLong("ashlar.kills.seed", System.nanoTime());
  /** Of so many updates, at most, one is noted. */
  private static final long NOTED = 20;
  /** The longest time from the first checkpoint of a process until its end, in ms: a dozen of checkpoints. */
  private static final int LONGEST = 100;
  /** Epochs that one kill needs at the most, with four updates in each. */
  private static final int EPOCHS = 8;

  @TempDir
  private Path folder;

  private Path config() throws IOException {
    Path config = SmallRun.write(folder);
    int epochs = 40 + EPOCHS * KILLS;
    return Files.writeString(config, Files.readString(config)
        .replace("{dense: 4}, tanh", "{dense: 4}, {dropout: 0.2}, batch_norm, tanh")
        .replace("{epochs: 3, batch: 8, seed: 1}",
            "{epochs: " + epochs + ", batch: 8, seed: 1, ema: 0.9, checkpoint: {steps: 1}}"));
  }

  @Test
  @Timeout(value = 90, unit = TimeUnit.MINUTES)
  void whatComesOfItIsTheSame() throws Exception {
    Path config = config();
    Path whole = folder.resolve("whole");
    Console.Ended ended = Console.run("train", config, "--out", whole, "--set", "train.checkpoint.steps=100000");
    assertThat(ended.code()).as(ended.err()).isZero();

    Random random = new Random(SEED);
    Path run = folder.resolve("run");
    long repeated = 0;
    int between = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      long before = lastStep(run);
      long written = newestCheckpoint(run);
      boolean isBegun = Files.exists(run.resolve("config.yaml"));
      Process process = isBegun ? start("--resume", run.toString()) : start(config.toString(), "--out", run.toString());
      try (BufferedReader told = process.inputReader()) {
        String line;
        while ((line = told.readLine()) != null && !line.contains("going on after step") && !line.contains("begins anew")
            && !line.contains("parameters")) {
          assertThat(line).as("seed " + SEED).doesNotContain("damaged");
        }
        if (line != null && line.contains("going on after step")) {
          long step = Long.parseLong(line.replaceAll("[^0-9]", ""));
          // The update whose writing was cut short, and the one behind it; the number that is told may be the next but
          // few, since only every so many are noted.
          assertThat(before - step).as("seed %s: on after step %s, and step %s was told of", SEED, step, before)
              .isBetween(-NOTED, 2L);
          repeated += Math.max(0, before - step);
        }
        // Of the moments before it there are few to tell apart, and they would take most of the kills.
        while (newestCheckpoint(run) <= written && process.isAlive()) {
          Thread.sleep(1);
        }
        TimeUnit.MICROSECONDS.sleep(random.nextInt(1000 * LONGEST));
      }
      assertThat(process.isAlive()).as("seed %s: kill %s came too late", SEED, kill).isTrue();
      process.destroyForcibly().waitFor();
      assertThat(newestCheckpoint(run)).as("seed %s: nothing was trained before kill %s", SEED, kill)
          .isGreaterThan(written);
      assertThat(run.resolve("model.safetensors")).as("the run is too short for so many kills").doesNotExist();
      between += hasPartial(run) ? 1 : 0;
    }
    long reached = lastStep(run);
    Console.Ended last = Console.run("train", "--resume", run);
    assertThat(last.code()).as(last.err()).isZero();
    System.out.printf("%d kills by step %d, %d of them in the middle of a checkpoint, %d steps repeated, seed %d%n",
        KILLS, reached, between, repeated, SEED);
    assertThat(run.resolve("model.safetensors")).as("seed " + SEED)
        .hasSameBinaryContentAs(whole.resolve("model.safetensors"));
    assertThat(events(run)).isEqualTo(events(whole));
    assertThat(hasPartial(run)).isFalse();
  }

  private static Process start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp",
        System.getProperty("java.class.path"), Main.class.getName(), "train"));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  /** Whether a checkpoint was begun and not finished. */
  private static boolean hasPartial(Path run) throws IOException {
    try (var all = Files.walk(run)) {
      return all.anyMatch(path -> path.getFileName().toString().endsWith(".partial"));
    }
  }

  /** The update that the newest whole checkpoint is of; 0 if there is none. */
  private static long newestCheckpoint(Path run) throws IOException {
    return new CheckpointSeries(run.resolve("checkpoints")).newestFirst().stream()
        .mapToLong(path -> CheckpointSeries.step(path).orElse(0)).max().orElse(0);
  }

  /** Of the updates that are noted the last. */
  private static long lastStep(Path run) throws IOException {
    long last = 0;
    for (Value.Mapping event : read(run)) {
      if (event.get("type").toString().equals("step")) {
        last = Math.max(last, Long.parseLong(event.get("step").toString()));
      }
    }
    return last;
  }

  /** What was noted, but for times, and that the run was gone on with. */
  private static List<String> events(Path run) throws IOException {
    return read(run).stream().filter(event -> !event.get("type").toString().equals("resume"))
        .map(event -> event.without("time").without("seconds").without("samples_per_second").toString()).toList();
  }

  private static List<Value.Mapping> read(Path run) throws IOException {
    Path file = run.resolve("metrics.jsonl");
    List<Value.Mapping> events = new ArrayList<>();
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file)) {
        if (line.endsWith("}")) {
          events.add((Value.Mapping) Json.read(line, "event"));
        }
      }
    }
    return events;
  }
}
