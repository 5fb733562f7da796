package dev.ashlar.cli;

import static dev.ashlar.cli.Console.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.cli.Console.Ended;
import dev.ashlar.config.Value;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {

  @TempDir
  private Path folder;

  private Path config;

  @BeforeEach
  void write() throws Exception {
    config = SmallRun.write(folder);
  }

  @Test
  void trainsEvaluatesPredictsAndSummarises() throws Exception {
    Path out = folder.resolve("out");
    Ended trained = run("train", config, "--out", out, "--json");
    assertThat(trained.code()).as(trained.err()).isZero();
    assertThat(trained.out().lines().filter(line -> line.matches(" +[123] .*"))).hasSize(3);
    Value.Mapping report = json(trained.out());
    assertThat(report.keys()).containsExactly("metrics", "model", "ended", "why", "step");
    assertThat(report.get("model").plain()).isEqualTo(out.resolve("model.safetensors").toString());
    assertThat(((Value.Mapping) report.get("metrics")).keys()).containsExactly("train", "test");

    Ended evaluated = run("evaluate", out, "--json");
    assertThat(evaluated.code()).as(evaluated.err()).isZero();
    assertThat(metrics(evaluated.out())).isEqualTo(metrics(trained.out()));

    Path answers = folder.resolve("answers.csv");
    assertThat(run("predict", out, "--input", folder.resolve("table.csv"), "--output", answers).code()).isZero();
    assertThat(Files.readAllLines(answers)).hasSize(41).startsWith("prediction,high,low");

    Path other = Files.writeString(folder.resolve("other.csv"), "X,y\n1,2\n");
    Ended misspelt = run("predict", out, "--input", other);
    assertThat(misspelt.code()).isEqualTo(2);
    assertThat(misspelt.err()).contains("no column 'x'", "one of X, y");
    Files.writeString(other, "1,2\n");
    assertThat(run("predict", out, "--input", other).code()).isZero();

    for (Path of : new Path[] {config, out}) {
      Ended summary = run("summary", of);
      assertThat(summary.code()).as(summary.err()).isZero();
      assertThat(summary.out()).contains("dense_1", "f32[*, 2]", "22 parameters");
      assertThat(summary.out().contains(" MB to train in batches of ")).isEqualTo(of == config);
    }
  }

  @Test
  void tellsOfEachClass() throws Exception {
    Path out = folder.resolve("out");
    Ended trained = run("train", config, "--out", out, "--json",
        "--set", "metrics=[precision, recall, auroc, confusion_matrix]");
    assertThat(trained.code()).as(trained.err()).isZero();
    assertThat(trained.out()).containsPattern("""
        test by class:\\R\
        class +precision +recall\\R\
        high +[01]\\.\\d+ +[01]\\.\\d+\\R\
        low +[01]\\.\\d+ +[01]\\.\\d+\\R\
        \\R\
        test confusion_matrix \\(rows: what it is, columns: what the model says\\):\\R\
         +high +low\\R\
        high +\\d+ +\\d+\\R\
        low +\\d+ +\\d+\\R""").doesNotContain("train by class");
    Value.Mapping byClass = (Value.Mapping) json(trained.out()).get("by_class");
    assertThat(byClass.keys()).containsExactly("train", "test");
    Value.Mapping test = (Value.Mapping) byClass.get("test");
    assertThat(test.keys()).containsExactly("precision", "recall", "confusion_matrix");
    assertThat(((Value.Mapping) test.get("recall")).keys()).containsExactly("high", "low");
    Value.Mapping high = (Value.Mapping) ((Value.Mapping) test.get("confusion_matrix")).get("high");
    assertThat(high.keys()).containsExactly("high", "low");

    Ended evaluated = run("evaluate", out, "--json");
    assertThat(json(evaluated.out()).get("by_class")).isEqualTo(byClass);
  }

  @Test
  void aWindowThatFitsNowhereIsAMistake() {
    Ended ended = run("train", config, "--out", folder.resolve("out"),
        "--set", "model=[{reshape: [1, 1, 2]}, {max_pool2d: 2}, flatten, {dense: 2}]");
    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.err()).contains("model[1].max_pool2d", "max_pool2d of images of 1 x 2",
        "images that a window of 2 x 2 fits into");
  }

  @Test
  void tellsWhereTheTimeWent() throws Exception {
    Path out = folder.resolve("out");
    Ended trained = run("train", config, "--out", out, "--profile", "--set", "backend=cpu");
    assertThat(trained.code()).as(trained.err()).isZero();
    assertThat(trained.out()).containsPattern("layer +calls +seconds +share").containsPattern("\\Rdense_1? +[1-9]")
        .containsPattern("\\Rmatmul +[1-9]")
        .containsPattern("\\Rwaiting: [0-9.]+ s, [0-9.]+ % of the ")
        .contains("trace, for ui.perfetto.dev: " + out.resolve("trace.json"));
    Value.Mapping trace = (Value.Mapping) Value.parse(Files.readString(out.resolve("trace.json")), "trace");
    List<?> events = (List<?>) trace.get("traceEvents").plain();
    assertThat(events).hasSizeGreaterThan(20).allSatisfy(event ->
        assertThat(((java.util.Map<?, ?>) event).keySet()).anyMatch(key -> key.equals("ph")));
    assertThat(events.stream().map(Object::toString).anyMatch(e -> e.contains("name=matmul, cat=step, ph=X"))).isTrue();
    assertThat(events.stream().map(Object::toString).anyMatch(e -> e.contains("name=thread_name"))).isTrue();

    Ended without = run("train", config, "--out", folder.resolve("other"), "--profile", "--set", "backend=reference");
    assertThat(without.code()).as(without.err()).isZero();
    assertThat(without.out()).contains("no profile: this backend takes no times");
    assertThat(folder.resolve("other/trace.json")).doesNotExist();
  }

  @Test
  void showsWhatIsInside() {
    Path out = folder.resolve("out");
    run("train", config, "--out", out);

    Ended shown = run("evaluate", out, "--tap", "*tanh*", "--json", "--values");

    assertThat(shown.code()).as(shown.err()).isZero();
    assertThat(shown.out()).containsPattern("inside +type +mean +deviation +min +max\\Rtanh +f32\\[8, 4] ");
    Value.Mapping tanh = (Value.Mapping) ((Value.Mapping) json(shown.out()).get("inside")).get("tanh");
    assertThat(tanh.keys()).containsExactly("type", "mean", "deviation", "min", "max", "values");
    assertThat((List<?>) tanh.get("values").plain()).hasSize(32);

    Ended brief = run("evaluate", out, "--tap", "*tanh*", "--json");
    assertThat(((Value.Mapping) ((Value.Mapping) json(brief.out()).get("inside")).get("tanh")).keys())
        .containsExactly("type", "mean", "deviation", "min", "max");
    assertThat(run("evaluate", out, "--tap", "").err()).contains("\n''\n  found:    no part of the model of that path");

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

  private static Object metrics(String out) {
    return json(out).get("metrics").plain();
  }

  @Test
  void theSavedConfigurationTrainsAgain() throws Exception {
    Path out = folder.resolve("out");
    Path again = folder.resolve("again");
    assertThat(run("train", config, "--out", out, "--set", "model=[{dense: 4}, {dropout: 0.3}, tanh, {dense: 2}]").code())
        .isZero();
    assertThat(Files.readAllLines(out.resolve("config.yaml")))
        .allMatch(line -> line.length() <= 120)
        .filteredOn(line -> line.matches(" *- layers:.*")).hasSize(4);
    Ended trained = run("train", out.resolve("config.yaml"), "--out", again);
    assertThat(trained.code()).as(trained.err()).isZero();
    assertThat(Files.readAllBytes(again.resolve("model.safetensors")))
        .isEqualTo(Files.readAllBytes(out.resolve("model.safetensors")));
    assertThat(Files.readString(again.resolve("config.yaml"))).isEqualTo(Files.readString(out.resolve("config.yaml")));
  }

  @Test
  void aRunIsReplacedOnlyOnRequest() throws Exception {
    Path out = Files.createDirectory(folder.resolve("out"));
    assertThat(run("train", config, "--out", out).code()).as("an empty folder").isZero();
    byte[] first = Files.readAllBytes(out.resolve("model.safetensors"));
    Ended refused = run("train", config, "--out", out, "--set", "train.seed=2");
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).contains("an earlier run", "--overwrite");
    assertThat(Files.readAllBytes(out.resolve("model.safetensors"))).isEqualTo(first);
    assertThat(run("train", config, "--out", out, "--set", "train.seed=2", "--overwrite").code()).isZero();
    assertThat(Files.readAllBytes(out.resolve("model.safetensors"))).isNotEqualTo(first);
  }

  @Test
  void aFolderThatCannotBeWrittenIsFoundBeforeTraining() throws Exception {
    for (Path out : new Path[] {config, config.resolve("below"), Path.of("/proc/none")}) {
      Ended ended = run("train", config, "--out", out);
      assertThat(ended.code()).isEqualTo(2);
      assertThat(ended.out()).as("no epoch").isEmpty();
      assertThat(ended.err()).contains("found:", "help:").doesNotContain("Exception");
    }
  }

  @Test
  void threadsAreAsManyAsSaid() {
    assertThat(run("doctor", "--threads", 1).out()).contains(" 1 thread\n");
    Path out = folder.resolve("out");
    assertThat(run("train", config, "--out", out).code()).isZero();
    Object[][] commands = {{"doctor"}, {"train", config}, {"evaluate", out}, {"predict", out, "--input", config}};
    for (Object[] command : commands) {
      for (int wrong : new int[] {-3, 100_000}) {
        Ended ended = run(Stream.concat(Stream.of(command), Stream.of("--threads", wrong)).toArray());
        assertThat(ended.code()).as(Arrays.toString(command)).isEqualTo(2);
        assertThat(ended.err()).startsWith(wrong < 0 ? "--threads: found -3, expected a number of threads"
            : "1 mistake:\n\n--threads 100000: backend.cpu.threads\n").doesNotContain(":1:1");
        assertThat(ended.out()).isEmpty();
      }
    }
    assertThat(run("summary", out, "--threads", 1).code()).as("nothing is computed there").isEqualTo(2);
  }

  @Test
  void predictSaysWhatItCannotRead() throws Exception {
    Path out = folder.resolve("out");
    assertThat(run("train", config, "--out", out).code()).isZero();
    InputStream before = System.in;
    try {
      System.setIn(new ByteArrayInputStream("x,y\n".getBytes(StandardCharsets.UTF_8)));
      assertThat(run("predict", out).err()).isEqualTo("""
          standard input
            found:    a header and no rows
            expected: a table with at least one row
            help:     if the first line is data, say --header false
          """);
      System.setIn(new ByteArrayInputStream("x,y\n1,no\n".getBytes(StandardCharsets.UTF_8)));
      assertThat(run("predict", out).err()).isEqualTo("""
          standard input:2: column 'y'
            found:    text 'no'
            expected: a number
            help:     mend the table
          """);
    } finally {
      System.setIn(before);
    }
    Path nowhere = folder.resolve("none/answers.csv");
    Ended ended = run("predict", out, "--input", folder.resolve("table.csv"), "--output", nowhere);
    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.err()).contains("no folder " + nowhere.getParent());
    assertThat(nowhere.getParent()).doesNotExist();
  }

  @Test
  void aModelIsMeasuredOnDataLikeItsOwn() throws Exception {
    Path out = folder.resolve("out");
    assertThat(run("train", config, "--out", out).code()).isZero();
    Files.writeString(folder.resolve("other.csv"), "y,x,z,kind\n1,2,3,a\n4,5,6,b\n7,8,9,a\n");
    Ended ended = run("evaluate", out, "--data", config, "--set", "data.source.csv.path=other.csv",
        "--set", "data.split={}");
    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.err().replace(config.toString(), "run.yaml")).isEqualTo("""
        2 mistakes:

        run.yaml:1:22: data.source.csv
          found:    the inputs {input=f32[3]} (y, x, z)
          expected: {input=f32[2]} (x, y), as the model has them
          help:     give the configuration that the model was trained with, or data like its own

        run.yaml:1:22: data.source.csv
          found:    the classes a, b
          expected: the classes high, low, as the model has them
          help:     give the configuration that the model was trained with, or data like its own
        """);
    assertThat(run("evaluate", config).err()).contains("a configuration", "a model's file", "train it first");
  }

  @Test
  void aModelOfSequencesPredictsEachPosition() throws Exception {
    Path out = folder.resolve("out");
    Ended trained = run("train", config, "--out", out,
        "--set", "data={source: {sequences: {length: 1, symbols: 2, rows: 4}}}",
        "--set", "model=[{embedding: {vocabulary: 5, width: 4}}, {dense: 5}]",
        "--set", "loss={cross_entropy: -100}");
    assertThat(trained.code()).as(trained.err()).isZero();
    Path tokens = Files.writeString(folder.resolve("tokens.csv"), "2,0,3,0\n2,1,3,1\n");
    List<String> lines = run("predict", out, "--input", tokens).out().lines().toList();
    assertThat(lines.getFirst()).startsWith("prediction_0,prediction_1,prediction_2,prediction_3,output_0_0,output_0_1,output_0_BOS");
    assertThat(lines.getFirst().split(",")).hasSize(4 + 4 * 5);
    assertThat(lines).hasSize(3);
    assertThat(lines.get(1)).matches("((0|1|BOS|SEP|EOS),){4}.*");
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
    assertThat(ended.err()).startsWith("training stopped: step ").contains("layer 'dense", "Lower the learning rate")
        .doesNotContain("\tat ");
    assertThat(folder.resolve("out/model.safetensors")).doesNotExist();
    assertThat(folder.resolve("out/metrics.jsonl")).content().contains("\"reason\":\"failed\"", "layer 'dense");
  }

  @Test
  void aCheckedRunThatMeetsANanNamesTheOperation() {
    Ended ended = run("train", config, "--out", folder.resolve("out"), "--set", "backend.reference.checked=true",
        "--set", "optimizer={sgd: 1e30}", "--set", "model=[{dense: 4}, {dense: 2}]");
    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.err()).startsWith("program 'step': ").contains("gave the first NaN").doesNotContain("\tat ");
  }

  @Test
  void helpIsACommandToo() {
    assertThat(run("help", "train").out()).contains("ashlar train", "--overwrite");
    assertThat(run("help").out()).contains("evaluate");
  }

  @Test
  void countsAreSaidAsOneSaysThem() {
    Ended ended = run("train", config, "--out", folder.resolve("out"), "--set", "train={epochs: 1, batch: 64}");
    assertThat(ended.out()).contains("22 parameters, 30 examples, 1 epoch, 1 step\n");
  }

  @Test
  void partsOfASummaryStandUnderTheirWhole() {
    Ended ended = run("summary", config, "--set", "data.transforms=[{divide: 2}]",
        "--set", "model=[{dense: 4}, {residual: [{dense: 4}]}, {dense: 2}]");
    assertThat(ended.out()).contains("\ninputs.divide ", "\nresidual ", "\n  dense ");
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
