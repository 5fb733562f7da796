package dev.ashlar.cli;

import static dev.ashlar.cli.Console.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.cli.Console.Ended;
import dev.ashlar.config.Value;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {

  @TempDir
  private Path folder;

  private Path config;

  @BeforeEach
  void write() throws Exception {
    StringBuilder table = new StringBuilder("x,y,kind\n");
    for (int i = 0; i < 40; i++) {
      table.append(i % 7 - 3).append(',').append(i % 5 - 2).append(',').append(i % 7 > 3 ? "high" : "low").append('\n');
    }
    Files.writeString(folder.resolve("table.csv"), table);
    config = Files.writeString(folder.resolve("run.yaml"), """
        data: {source: {csv: {path: table.csv, label: kind}}, transforms: [standardize], split: {test: 0.25}}
        model: [{dense: 4}, tanh, {dense: 2}]
        loss: cross_entropy
        optimizer: {adam: 0.1}
        metrics: [accuracy]
        train: {epochs: 3, batch: 8, seed: 1}
        """);
  }

  @Test
  void trainsEvaluatesPredictsAndSummarises() throws Exception {
    Path out = folder.resolve("out");
    Ended trained = run("train", config, "--out", out, "--json");
    assertThat(trained.code()).as(trained.err()).isZero();
    assertThat(trained.out().lines().filter(line -> line.matches(" +[123] .*"))).hasSize(3);
    Value.Mapping report = json(trained.out());
    assertThat(report.keys()).containsExactly("metrics", "model");
    assertThat(report.get("model").plain()).isEqualTo(out.resolve("model.safetensors").toString());
    assertThat(((Value.Mapping) report.get("metrics")).keys()).containsExactly("train", "test");

    Ended evaluated = run("evaluate", out, "--json");
    assertThat(evaluated.code()).as(evaluated.err()).isZero();
    assertThat(test(evaluated.out())).isEqualTo(test(trained.out()));

    Path answers = folder.resolve("answers.csv");
    assertThat(run("predict", out, "--input", folder.resolve("table.csv"), "--output", answers).code()).isZero();
    assertThat(Files.readAllLines(answers)).hasSize(41).startsWith("prediction,high,low");

    for (Path of : new Path[] {config, out}) {
      Ended summary = run("summary", of);
      assertThat(summary.code()).as(summary.err()).isZero();
      assertThat(summary.out()).contains("dense_1", "f32[*, 2]", "22 parameters");
    }
  }

  @Test
  void showsWhatIsInside() {
    Path out = folder.resolve("out");
    run("train", config, "--out", out);

    Ended shown = run("evaluate", out, "--tap", "*tanh*", "--json");

    assertThat(shown.code()).as(shown.err()).isZero();
    assertThat(shown.out()).containsPattern("inside +type +mean +deviation +min +max\\Rtanh +f32\\[8, 4] ");
    Value.Mapping tanh = (Value.Mapping) ((Value.Mapping) json(shown.out()).get("inside")).get("tanh");
    assertThat(tanh.keys()).containsExactly("type", "mean", "deviation", "min", "max", "values");
    assertThat((List<?>) tanh.get("values").plain()).hasSize(32);

    Ended unknown = run("evaluate", out, "--tap", "tahn");
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.err()).isEqualToNormalizingNewlines("""
        1 mistake:

        tahn
          found:    no part of the model of that path
          expected: one of inputs.standardize, dense, tanh, dense_1; a star stands for any characters
          help:     did you mean 'tanh'?
        """);
  }

  private static Value.Mapping json(String out) {
    return (Value.Mapping) Value.parse(out.strip().lines().toList().getLast(), "report");
  }

  private static Object test(String out) {
    return ((Value.Mapping) json(out).get("metrics")).get("test").plain();
  }

  @Test
  void sameSeedSameBits() throws Exception {
    run("train", config, "--out", folder.resolve("a"));
    run("train", config, "--out", folder.resolve("b"), "--threads", 1);
    run("train", config, "--out", folder.resolve("c"), "--set", "train.seed=2");
    byte[] a = Files.readAllBytes(folder.resolve("a/model.safetensors"));
    assertThat(Files.readAllBytes(folder.resolve("b/model.safetensors"))).isEqualTo(a);
    assertThat(Files.readAllBytes(folder.resolve("c/model.safetensors"))).isNotEqualTo(a);
  }

  @Test
  void trainsOnTheReferenceIfTold() throws Exception {
    Path yaml = Files.writeString(folder.resolve("reference.yaml"), Files.readString(config) + "backend: reference\n");
    Path named = folder.resolve("named");
    Path set = folder.resolve("set");
    Path checked = folder.resolve("checked");
    assertThat(run("train", yaml, "--out", named).code()).isZero();
    assertThat(run("train", config, "--out", set, "--set", "backend=reference").code()).isZero();
    assertThat(run("train", yaml, "--out", checked, "--set", "backend.reference.checked=true").err()).isEmpty();
    assertThat(set.resolve("model.safetensors")).hasSameBinaryContentAs(named.resolve("model.safetensors"));
    assertThat(checked.resolve("model.safetensors")).hasSameBinaryContentAs(named.resolve("model.safetensors"));
    assertThat(run("evaluate", checked).code()).isZero();

    Ended threads = run("train", yaml, "--threads", 2);
    assertThat(threads.code()).isEqualTo(2);
    assertThat(threads.err()).contains("reference.yaml:7:10: backend", "a map with 'cpu'", "--threads 2 leads there");
  }

  @Test
  void aMistakeInTheConfigurationIsTheUsers() {
    Ended ended = run("train", config, "--set", "model[0].dense=0", "--set", "loss=cross");
    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.err()).startsWith("2 mistakes:").contains("model[0].dense.units", "loss").doesNotContain("\tat ");
  }

  @Test
  void aMistakeOnTheCommandLineIsTheUsers() {
    assertThat(run("train").code()).isEqualTo(2);
    assertThat(run("tarin", config).code()).isEqualTo(2);
    assertThat(run("train", config, "--sett", "a=1").code()).isEqualTo(2);
    assertThat(run("train", config, "--set", "epochs").code()).isEqualTo(2);
    assertThat(run("train", config, "--plugins", folder.resolve("none")).code()).isEqualTo(2);
    assertThat(run("train", folder.resolve("none.yaml")).code()).isEqualTo(2);
    assertThat(run("evaluate", folder.resolve("none")).code()).isEqualTo(2);
    assertThat(run("predict", folder.resolve("none")).code()).isEqualTo(2);
  }

  @Test
  void aRunThatDivergesFails() {
    Ended ended = run("train", config, "--out", folder.resolve("out"), "--set", "optimizer={sgd: 1e30}",
        "--set", "model=[{dense: 4}, {dense: 2}]");
    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.err()).startsWith("training stopped: step ").contains("layer 'dense").doesNotContain("\tat ");
  }

  @Test
  void aCheckedRunThatMeetsANanNamesTheOperation() {
    Ended ended = run("train", config, "--out", folder.resolve("out"), "--set", "backend.reference.checked=true",
        "--set", "optimizer={sgd: 1e30}", "--set", "model=[{dense: 4}, {dense: 2}]");
    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.err()).startsWith("program 'step': ").contains("gave the first NaN").doesNotContain("\tat ");
  }

  @Test
  void saysWhatIsThere() {
    assertThat(run("plugins", "list").out()).contains("layers ", "dense", "cross_entropy", "adamw", "backend: cpu",
        "backend: reference");
    assertThat(run("doctor").out()).contains("java:", "backend:    cpu");
    assertThat(run("--version").out()).startsWith("ashlar ");
    assertThat(run("--help").out()).contains("train", "evaluate", "predict", "summary", "plugins", "doctor");
    assertThat(run().code()).isZero();
  }
}
