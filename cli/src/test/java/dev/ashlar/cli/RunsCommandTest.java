package dev.ashlar.cli;

import static dev.ashlar.cli.Console.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.cli.Console.Ended;
import dev.ashlar.config.Value;
import dev.ashlar.io.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunsCommandTest {

  @TempDir
  private Path folder;

  private Path config;
  private Path runs;

  @BeforeEach
  void train() throws Exception {
    config = SmallRun.write(folder);
    runs = folder.resolve("runs");
    assertThat(run("train", config, "--out", runs.resolve("small-2026-03-09-120507")).code()).isZero();
    assertThat(run("train", config, "--out", runs.resolve("wide"), "--set", "model[0].dense=9").code()).isZero();
    Files.createDirectories(runs.resolve("none"));
    Path killed = Files.createDirectories(runs.resolve("killed"));
    Files.copy(runs.resolve("wide/config.yaml"), killed.resolve("config.yaml"));
    Files.writeString(killed.resolve("metrics.jsonl"), """
        {"type":"start","time":"2026-01-01T10:00:00Z","epochs":3,"steps":12}
        {"type":"step","step":5,"loss":"NaN"}
        {"type":"some","day":"another"}
        {"type":"epoch","epoch":1,"step":4,"metrics":{"train":{"loss":"NaN"},"test":{"loss":0.5}}}
        {"type":"step","st""");
  }

  @Test
  void runsAreListed() throws Exception {
    Ended listed = run("runs", "list", runs);
    assertThat(listed.code()).as(listed.err()).isZero();
    assertThat(listed.out()).containsPattern("""
        run +begun +state +steps +measure +size
        killed +2026-01-01 \\d\\d:\\d\\d +interrupted +5 of 12 +test loss 0.5000 +\\d+ kB
        small-2026-03-09-120507 +20\\S+ \\S+ +finished +12 of 12 +test loss [0-9.]+ +\\d+ kB
        wide +20\\S+ \\S+ +finished +12 of 12 +test loss [0-9.]+ +\\d+ kB
        """);
    assertThat(run("runs", "list", folder.resolve("nowhere")).out()).startsWith("no runs in ");
    Value.Mapping first = (Value.Mapping) Json.read(run("runs", "list", runs, "--json").out().lines().findFirst().get(),
        "line");
    assertThat(first.keys()).containsExactly("run", "state", "begun", "step", "steps", "epochs", "metrics", "bytes");
    assertThat(first.get("metrics")).hasToString("{train: {loss: NaN}, test: {loss: 0.5}}");
  }

  /** One odd folder hides none of the others. */
  @Test
  void whatCannotBeReadIsListedAllTheSame() throws Exception {
    Path odd = Files.createDirectories(runs.resolve("odd"));
    Files.copy(runs.resolve("wide/config.yaml"), odd.resolve("config.yaml"));
    Files.createDirectories(odd.resolve("metrics.jsonl"));
    Ended listed = run("runs", "list", runs);
    assertThat(listed.code()).as(listed.err()).isZero();
    assertThat(listed.out()).containsPattern("odd +.*interrupted").contains("wide", "killed");
  }

  @Test
  void howARunEndedIsOneLineOfJson() throws Exception {
    Value.Mapping finished = (Value.Mapping) Json.read(
        run("train", "--resume", runs.resolve("wide"), "--json").out().lines().toList().getLast(), "line");
    assertThat(finished.keys()).containsExactly("finished", "ended", "why", "step", "metrics", "model");
    assertThat(((Value.Mapping) finished.get("metrics")).keys()).containsExactly("train", "test");

    Ended early = run("train", config, "--out", runs.resolve("early"), "--json", "--set", "train.epochs=200",
        "--set", "callbacks=[{early_stopping: {patience: 1, monitor: accuracy}}]");
    Value.Mapping stopped = (Value.Mapping) Json.read(early.out().lines().toList().getLast(), "line");
    assertThat(stopped.keys()).containsExactly("metrics", "model", "ended", "why", "step");
    assertThat(stopped.get("ended")).hasToString("stopped");
    assertThat(stopped.get("why").toString()).startsWith("\"early_stopping: no better ");
    assertThat(run("runs", "list", runs).out()).containsPattern("early +.* stopped +");
    assertThat(run("train", "--resume", runs.resolve("early")).out()).contains("the run was stopped (early_stopping: ",
        "--set callbacks[0].early_stopping.patience=..");

    Path wild = runs.resolve("wild");
    Ended ended = run("train", config, "--out", wild, "--json", "--set", "optimizer={sgd: 3e38}",
        "--set", "train.epochs=30");
    assertThat(ended.code()).as(ended.out() + ended.err()).isEqualTo(1);
    Value.Mapping diverged = (Value.Mapping) Json.read(ended.out().lines().toList().getLast(), "line");
    assertThat(diverged.keys()).containsExactly("diverged", "step", "where", "checkpoint", "resume");
    assertThat(ended.err()).contains("training stopped: ");
  }

  @Test
  void aRunIsShown() throws Exception {
    Ended shown = run("runs", "show", runs.resolve("small"));
    assertThat(shown.code()).as(shown.err()).isZero();
    assertThat(shown.out()).contains("small-2026-03-09-120507", "state:   finished after step 12 of 12",
        "state of step-000000012: ").containsPattern("epoch +step +train loss +train accuracy +test loss +test accuracy")
        .containsPattern("\n +3 +12 ");
    assertThat(run("runs", "show", runs.resolve("killed")).out())
        .contains("go on:   ashlar train --resume " + runs.resolve("killed"));
    Value.Mapping json = (Value.Mapping) Json.read(run("runs", "show", runs.resolve("wide"), "--json").out(), "line");
    assertThat(json.get("checkpoints").toString()).contains("step-000000012");
    Ended none = run("runs", "show", runs.resolve("none"));
    assertThat(none.code()).isEqualTo(2);
    assertThat(none.err()).contains("no run", "ashlar runs list");
  }

  @Test
  void runsAreCompared() throws Exception {
    Ended compared = run("runs", "compare", runs.resolve("small"), runs.resolve("wide"));
    assertThat(compared.code()).as(compared.err()).isZero();
    assertThat(compared.out()).containsPattern("dense.units +4 +9\n").containsPattern("test accuracy +[0-9.]+ +[0-9.]+\n")
        .doesNotContain("seed");
    Value.Mapping json = (Value.Mapping) Json.read(
        run("runs", "compare", runs.resolve("small"), runs.resolve("wide"), "--json").out(), "line");
    assertThat(((Value.Mapping) json.get("configuration")).entries()).hasSize(1);
    assertThat(run("runs", "compare", runs.resolve("small")).code()).isEqualTo(2);
  }

  @Test
  void whatARunHasLeftIsRemoved() throws Exception {
    Path wide = runs.resolve("wide");
    Path notes = Files.writeString(wide.resolve("notes.txt"), "mine");
    Path outside = Files.writeString(Files.createDirectory(folder.resolve("outside")).resolve("precious"), "");
    Files.createSymbolicLink(wide.resolve("checkpoints/link"), outside.getParent());
    assertThat(run("runs", "rm", wide).code()).as("nobody to ask").isEqualTo(2);
    assertThat(run("runs", "rm", runs.resolve("none"), "--yes").code()).as("no run").isEqualTo(2);
    assertThat(run("runs", "rm", runs.resolve("small"), "--yes").code()).as("not by a name alone").isEqualTo(2);
    Path link = Files.createSymbolicLink(runs.resolve("link"), wide);
    assertThat(run("runs", "rm", link, "--yes").code()).as("a link").isEqualTo(2);
    assertThat(wide.resolve("model.safetensors")).exists();

    Ended removed = run("runs", "rm", wide, runs.resolve("small-2026-03-09-120507"), "--yes");
    assertThat(removed.code()).as(removed.err()).isZero();
    assertThat(wide.toFile().list()).containsExactly("notes.txt");
    assertThat(notes).hasContent("mine");
    assertThat(outside).exists();
    assertThat(runs.resolve("small-2026-03-09-120507")).doesNotExist();
  }

  @Test
  void theNewestRunOfANameIsFound() throws Exception {
    Ended evaluated = run("evaluate", runs.resolve("small"), "--json");
    assertThat(evaluated.code()).as(evaluated.err()).isZero();
    assertThat(evaluated.out()).contains("small-2026-03-09-120507");
    assertThat(run("train", "--resume", runs.resolve("small")).out()).contains("the run is finished");
    Ended prolonged = run("train", "--resume", runs.resolve("small"), "--set", "train.epochs=5");
    assertThat(prolonged.code()).as(prolonged.err()).isZero();
    assertThat(prolonged.out()).contains("going on after step 12", "train.epochs is 5, and was 3");
    assertThat(run("runs", "list", runs).out()).contains("20 of 20");
    assertThat(run("predict", runs.resolve("killed"), "--input", folder.resolve("table.csv")).err())
        .contains("a run that has not come to its end", "ashlar train --resume");
    Path checkpoint = runs.resolve("wide/checkpoints/step-000000012");
    assertThat(run("predict", checkpoint, "--input", folder.resolve("table.csv")).code()).isZero();
    assertThat(run("train", "--resume", runs.resolve("small"), "--out", folder).code()).isEqualTo(2);
    assertThat(run("train", "--resume", folder.resolve("nowhere")).err()).contains("no such folder");
  }
}
