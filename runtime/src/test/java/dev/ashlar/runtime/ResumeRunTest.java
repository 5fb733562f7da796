package dev.ashlar.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.config.FileException;
import dev.ashlar.config.Value;
import dev.ashlar.io.json.Json;
import dev.ashlar.plugin.Registry;
import dev.ashlar.training.TrainingInterrupted;
import dev.ashlar.training.TrainingListener;
import dev.ashlar.training.TrainingStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs in their folders, interrupted and gone on with. */
class ResumeRunTest {

  @TempDir
  private Path folder;

  private final Runs runs = new Runs(Registry.discover());
  private final List<String> warnings = new ArrayList<>();
  private Path config;

  @BeforeEach
  void write() throws IOException {
    StringBuilder table = new StringBuilder("x,y,kind\n");
    for (int i = 0; i < 40; i++) {
      table.append(i % 7 - 3).append(',').append(i % 5 - 2).append(',').append(i % 7 > 3 ? "high" : "low").append('\n');
    }
    Files.writeString(folder.resolve("table.csv"), table);
    config = Files.writeString(folder.resolve("run.yaml"), """
        data: {source: {csv: {path: table.csv, label: kind}}, transforms: [standardize], split: {test: 0.25}}
        model: [{dense: 4}, {dropout: 0.2}, {dense: 2}]
        loss: cross_entropy
        optimizer: {adam: 0.1}
        metrics: [accuracy]
        train: {epochs: 3, batch: 8, seed: 1, checkpoint: {steps: 2}}
        """);
  }

  private RunRequest request(long stop) {
    AtomicLong step = new AtomicLong();
    TrainingListener listener = new TrainingListener() {
      @Override
      public void step(long now, double loss) {
        step.set(now);
      }

      @Override
      public void warning(long at, String kind, String message) {
        warnings.add(message.replace(folder.toString(), "DIR"));
      }
    };
    return new RunRequest(listener, backend -> {}, path -> {}, () -> stop > 0 && step.get() >= stop, List.of("train"),
        new LinkedHashMap<>());
  }

  private Configuration configuration(String... sets) {
    return Configuration.read(config, Stream.of(sets).map(Replacement::parse).toList(), runs.plugins());
  }

  private void train(Path out, long stop) throws Exception {
    if (stop == 0) {
      runs.train(configuration(), RunFolder.of(out), request(0));
    } else {
      assertThatThrownBy(() -> runs.train(configuration(), RunFolder.of(out), request(stop)))
          .isInstanceOf(TrainingInterrupted.class);
    }
  }

  private Optional<Runs.Trained> resume(Path given, String... sets) throws Exception {
    return runs.resume(given, Stream.of(sets).map(Replacement::parse).toList(), request(0)).trained();
  }

  private static List<String> steps(Path run) throws IOException {
    return RunEvents.read(run.resolve("metrics.jsonl")).stream()
        .map(e -> RunEvents.text(e, "type") + " " + RunEvents.whole(e, "step", -1)).toList();
  }

  @Test
  void theFolderAtTheEndIsThatOfARunNeverInterrupted() throws Exception {
    Path whole = folder.resolve("whole");
    train(whole, 0);
    assertThat(Arrays.stream(whole.toFile().list()).map(name -> name.replaceFirst("(tfevents)\\..*", "$1")))
        .containsExactlyInAnyOrder("config.yaml", "environment.json", "metrics.jsonl", "events.out.tfevents",
            "checkpoints", "model.safetensors", "report.json", "report.html");
    for (long stop : new long[] {1, 4, 7, 12}) {
      Path pieces = folder.resolve("pieces-" + stop);
      train(pieces, stop);
      assertThat(pieces.resolve("model.safetensors")).doesNotExist();
      assertThat(steps(pieces).getLast()).isEqualTo("end " + stop);
      assertThat(resume(pieces)).isPresent();
      assertThat(pieces.resolve("model.safetensors")).hasSameBinaryContentAs(whole.resolve("model.safetensors"));
      assertThat(steps(pieces).stream().filter(line -> !line.startsWith("resume")).toList()).isEqualTo(steps(whole));
    }
    assertThat(warnings).isEmpty();
    assertThat(resume(whole)).as("finished").isEmpty();
    assertThat(resume(whole, "train.epochs=4")).as("prolonged").isPresent();
    assertThat(warnings).singleElement().asString().contains("configuration: train.epochs is 4, and was 3");
  }

  @Test
  void whatHasChangedIsTold() throws Exception {
    Path run = folder.resolve("run");
    train(run, 6);
    Files.writeString(folder.resolve("table.csv"), Files.readString(folder.resolve("table.csv")).replace("-3,", "-2,"));
    Files.writeString(run.resolve("config.yaml"),
        Files.readString(run.resolve("config.yaml")).replace("rate: 0.2", "rate: 0.4"));
    resume(run, "optimizer.adam.learning_rate=0.2", "model[1].dropout=0.3");
    assertThat(warnings).hasSize(1);
    assertThat(warnings.getFirst()).startsWith("what comes of it is not what an uninterrupted run would have come to:\n")
        .contains("dropout.rate is 0.3, and was 0.2",
            "optimizer.adam.learning_rate.constant.value is 0.2, and was 0.1", "data: DIR/table.csv has changed: SHA-256 ",
            "the parts are drawn anew");
  }

  @Test
  void aDamagedCheckpointIsPassedOver() throws Exception {
    Path whole = folder.resolve("whole");
    train(whole, 0);
    Path run = folder.resolve("run");
    train(run, 7);
    Path slots = run.resolve("checkpoints/step-000000007/slots.safetensors");
    byte[] bytes = Files.readAllBytes(slots);
    bytes[bytes.length / 2] ^= 4;
    Files.write(slots, bytes);
    resume(run);
    assertThat(warnings).singleElement().asString()
        .startsWith("a checkpoint is damaged; the newest that is whole is that after step 6\n")
        .contains("slots.safetensors");
    assertThat(run.resolve("model.safetensors")).hasSameBinaryContentAs(whole.resolve("model.safetensors"));
  }

  @Test
  void ofDamagedCheckpointsAloneTheNewestIsTold() throws Exception {
    Path run = folder.resolve("run");
    train(run, 7);
    for (String name : List.of(run.resolve("checkpoints").toFile().list())) {
      Files.writeString(run.resolve("checkpoints").resolve(name).resolve("slots.safetensors"), "gone");
    }
    assertThatThrownBy(() -> resume(run)).isInstanceOf(FileException.class)
        .hasMessageContainingAll("2 checkpoints, all damaged", "begin anew: 'ashlar train ", "step-000000007");
    assertThat(RunLock.isHeld(run)).isFalse();
  }

  @Test
  void aCheckpointCanBeChosen() throws Exception {
    Path whole = folder.resolve("whole");
    train(whole, 0);
    Path run = folder.resolve("run");
    train(run, 7);
    resume(run.resolve("checkpoints/step-000000006"));
    assertThat(run.resolve("model.safetensors")).hasSameBinaryContentAs(whole.resolve("model.safetensors"));
    assertThat(run.resolve("checkpoints").toFile().list()).containsExactlyInAnyOrder("step-000000010", "step-000000012");
  }

  @Test
  void whatCannotGoOnIsRefused() throws Exception {
    Path run = folder.resolve("run");
    train(run, 4);
    assertThatThrownBy(() -> resume(run, "model=[{dense: 5}, {dense: 2}]")).isInstanceOf(FileException.class)
        .hasMessageContaining("begin a new run");
    assertThatThrownBy(() -> resume(folder)).isInstanceOf(FileException.class).hasMessageContaining("no run");
    assertThat(RunLock.isHeld(run)).isFalse();
    assertThat(resume(run)).as("it still can").isPresent();
  }

  @Test
  void aRunThatIsAskedToStopBeforeItsFirstCheckpointBeginsAnew() throws Exception {
    Path run = folder.resolve("run");
    Files.createDirectories(run);
    Files.writeString(run.resolve("config.yaml"), configuration().written(run, runs.plugins()));
    Files.writeString(run.resolve("metrics.jsonl"), "{\"type\":\"start\"}\n{\"type\":\"step\",\"step\":1}\n{\"type\":\"step\",\"step\":1,\"lo");
    resume(run);
    assertThat(warnings).containsExactly("there is no checkpoint yet: the run begins anew");
    Path whole = folder.resolve("whole");
    train(whole, 0);
    assertThat(run.resolve("model.safetensors")).hasSameBinaryContentAs(whole.resolve("model.safetensors"));
    assertThat(steps(run)).isEqualTo(steps(whole));
  }

  /** Whenever it is killed, it can go on or begin anew. */
  @Test
  void theConfigurationIsThereBeforeAllElse() throws Exception {
    Path run = folder.resolve("run");
    List<String> there = new ArrayList<>();
    RunRequest asked = new RunRequest(new TrainingListener() {
      @Override
      public void started(TrainingStart start) {
        there.addAll(List.of(run.toFile().list()));
        throw new IllegalStateException("killed");
      }
    }, backend -> {}, path -> {}, () -> false, List.of("train"), new LinkedHashMap<>());
    assertThatThrownBy(() -> runs.train(configuration(), RunFolder.of(run), asked)).hasMessage("killed");
    assertThat(there).contains("config.yaml", "metrics.jsonl");
    assertThat(Configuration.read(run.resolve("config.yaml"), List.of(), runs.plugins()).config().train().epochs())
        .isEqualTo(3);
  }

  @Test
  void aFinishedRunThatWasKilledBeforeItsPageGetsIt() throws Exception {
    Path run = folder.resolve("run");
    train(run, 0);
    Files.delete(run.resolve("report.html"));
    Files.delete(run.resolve("report.json"));
    assertThat(resume(run)).as("finished").isEmpty();
    assertThat(run.resolve("report.html")).exists();
    assertThat(run.resolve("report.json")).content().contains("\"matrix\"");
  }

  @Test
  void whatStoppedARunIsSaidAgain() throws Exception {
    Path run = folder.resolve("run");
    runs.train(configuration("train.epochs=40", "train.patience=1", "optimizer.adam=0.9"), RunFolder.of(run), request(0));
    RecordedRun first = RecordedRun.read(run);
    assertThat(first.message()).startsWith("patience: none of 1 epochs was better than epoch ").doesNotContain("again");
    assertThat(resume(run)).as("nothing new").isEmpty();
    assertThat(resume(run, "train.epochs=50")).isPresent();
    assertThat(RecordedRun.read(run).message()).startsWith(first.message())
        .endsWith("that stopped it before, and does again: for it to go on, raise what is said there");
    assertThat(resume(run, "train.epochs=50", "train.patience=100")).isPresent();
    assertThat(RecordedRun.read(run).step()).isGreaterThan(first.step());
  }

  @Test
  void theEnvironmentIsWritten() throws Exception {
    Path run = folder.resolve("run");
    train(run, 0);
    Value.Mapping environment = (Value.Mapping) Json.read(run.resolve("environment.json"));
    assertThat(environment.keys()).containsExactly("ashlar", "java", "os", "threads", "backend", "jvm_flags", "plugins",
        "data", "command");
    assertThat(environment.get("data").toString()).contains("table.csv", "sha256", "bytes: ");
    assertThat(environment.get("command")).hasToString("[train]");
  }
}
