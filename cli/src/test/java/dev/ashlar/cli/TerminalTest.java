package dev.ashlar.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.training.EpochReport;
import dev.ashlar.training.Measures;
import dev.ashlar.training.TrainingStart;
import dev.ashlar.training.Work;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a run shows while it goes on, and at its end. */
class TerminalTest {

  @TempDir
  private Path folder;

  private Path config;

  @BeforeEach
  void write() throws Exception {
    StringBuilder table = new StringBuilder("x,y,kind\n");
    for (int i = 0; i < 120; i++) {
      table.append(i % 7 - 3).append(',').append(i % 5 - 2).append(',').append(i % 7 > 3 ? "high" : "low").append('\n');
    }
    Files.writeString(folder.resolve("table.csv"), table);
    config = Files.writeString(folder.resolve("run.yaml"), """
        data: {source: {csv: {path: table.csv, label: kind}}, split: {validation: 0.2}}
        model: [{dense: 2}]
        loss: cross_entropy
        optimizer: {adam: 0.05}
        train: {epochs: 5, batch: 8, seed: 1}
        """);
  }

  private Console.Ended train(int columns, String... more) {
    Object[] arguments = new Object[4 + more.length];
    arguments[0] = "train";
    arguments[1] = config;
    arguments[2] = "--out";
    arguments[3] = folder.resolve("out-" + System.nanoTime());
    System.arraycopy(more, 0, arguments, 4, more.length);
    Console.Ended ended = Console.run(new Terminal(columns, false), arguments);
    assertThat(ended.code()).as(ended.err()).isZero();
    return ended;
  }

  @ParameterizedTest
  @ValueSource(ints = {40, 80, 200})
  void theCurveIsAsWideAsTheWindow(int columns) {
    List<String> lines = train(columns).out().lines().toList();
    int title = lines.indexOf("loss") >= 0 ? lines.indexOf("loss") : lines.indexOf("loss, in powers of ten");
    List<String> plot = lines.subList(title + 1, title + 9);
    assertThat(plot).allMatch(line -> line.contains("\u2502") && line.length() <= columns)
        .anyMatch(line -> line.contains("o"))
        .anyMatch(line -> line.codePoints().anyMatch(c -> c > 0x2800 && c < 0x2900));
    assertThat(lines.get(title + 9)).hasSize(Math.min(columns - 1, plot.getFirst().indexOf('\u2502') + 101));
    assertThat(lines.get(title + 10)).contains("step 1").endsWith("60");
    assertThat(lines.get(title + 11)).contains("train   o validation");
  }

  @Test
  void threePointsMakeACurve() {
    assertThat(train(80, "--set", "train.epochs=2").out()).doesNotContain("\u2502");
    assertThat(train(80, "--json").out()).doesNotContain("\u2502");
  }

  @Test
  void quietSaysWhatCameOfItAlone() {
    Console.Ended quiet = train(80, "--quiet");
    assertThat(quiet.out().lines()).satisfiesExactly(
        train -> assertThat(train).startsWith("train: loss "),
        validation -> assertThat(validation).startsWith("validation: loss "),
        model -> assertThat(model).startsWith("model: "));
    assertThat(quiet.err()).isEmpty();
    Console.Ended still = train(80, "--quiet", "--set", "optimizer={sgd: 0}");
    assertThat(still.out().lines()).hasSize(3);
    assertThat(still.err()).startsWith("warning: no weight has changed in 12 steps");
  }

  @Test
  void warningsAndReasonsStandUnderTheRows() {
    String out = train(60, "--set", "optimizer={sgd: 0}", "--set", "callbacks=[{early_stopping: 2}]").out();
    assertThat(out).containsPattern("(?m)^    1 .*\\Rwarning: no weight has changed in 12 steps: the learning")
        .containsPattern("(?m)^    3 .*\\Rstopped after step 36: early_stopping: no better validation");
    assertThat(out.lines()).allMatch(line -> line.length() <= 60 || line.startsWith("model: "));
  }

  @Test
  void aRateIsSuggested() throws Exception {
    Console.Ended ended = Console.run(new Terminal(80, false), "train", config, "--find-rate");
    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(ended.out()).contains("loss by learning rate", "1.0e-06",
        "now 5.0e-02 at most, in optimizer.adam.learning_rate")
        .containsPattern("least loss at \\d\\.\\de[-+]0\\d; suggestion, (a tenth of it|where it falls fastest): \\d\\.\\de[-+]0\\d");
    assertThat(folder.resolve("runs")).doesNotExist();
    Console.Ended scheduled = Console.run("train", config, "--find-rate", "--json", "--set",
        "optimizer={adam: {learning_rate: {cosine: {peak: 0.02, warmup: 5}}}}");
    assertThat(scheduled.code()).as(scheduled.err()).isZero();
    assertThat(scheduled.out().lines().toList().getLast()).contains("\"now\":0.02")
        .contains("\"setting\":\"optimizer.adam.learning_rate\"");
    assertThat(Console.run("train", config, "--find-rate", "--out", folder.resolve("x")).code()).isEqualTo(2);
  }

  // ---------------------------------------------------------------- pieces

  private static String plot(PrintWriter out, StringWriter text) {
    double[] x = {0, 1, 2, 3, 4};
    new Plot("loss", List.of(new Plot.Curve("train", (char) 0, x, new double[] {4, 3, 2, 1, 0}),
        new Plot.Curve("validation", 'o', new double[] {2, 4}, new double[] {2, 4})), 5, false, "step 1", "5")
        .print(out);
    out.flush();
    return text.toString();
  }

  @Test
  void charactersAreThoseThatTheTerminalHas() {
    StringWriter braille = new StringWriter();
    assertThat(plot(new Screen(braille, new Terminal(26, false)), braille)).contains("4.0000 \u2502\u2811",
        "0.0000 \u2502",
        "\u2514\u2500\u2500", "\u2812\u2812 train   o");
    for (Charset charset : List.of(StandardCharsets.US_ASCII, StandardCharsets.ISO_8859_1)) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      PrintWriter out = new Screen(bytes, charset, new Terminal(26, false));
      plot(out, new StringWriter());
      String text = bytes.toString(charset).replace(System.lineSeparator(), "\n");
      assertThat(text).isEqualTo("""
          loss
          4.0000 |..              o
                 |  ....
                 |      ..o.
                 |          ....
          0.0000 |              ...
                 +-----------------
                  step 1          5
                  .. train   o
                  validation
          """);
    }
    StringWriter console = new StringWriter();
    assertThat(plot(new Screen(console, new Terminal(40, true).as("linux", null)), console)).contains("4.0000 |");
  }

  @ParameterizedTest
  @CsvSource(nullValues = "-", value = {"-, -, true, false", "xterm-256color, -, true, false", "dumb, -, false, true",
      "linux, -, true, true", "xterm, true, false, false", "xterm, false, true, false"})
  void aBuildAndADumbTerminalAreWrittenToAsFiles(String kind, String build, boolean interactive, boolean plain) {
    assertThat(new Terminal(80, true).as(kind, build)).isEqualTo(new Terminal(80, interactive, plain));
  }

  @Test
  void manyPointsAreMeans() {
    Points points = new Points();
    for (int i = 1; i <= 100_000; i++) {
      points.add(i, i % 2 == 0 ? 1 : 3);
      points.add(i, Double.NaN);
    }
    assertThat(points.size()).isBetween(256, 512);
    assertThat(points.y()).containsOnly(2);
    assertThat(points.x()).isSorted();
    assertThat(points.x()[0]).isLessThan(200);
  }

  /** The line has what matters most, and the bar what room is left. */
  @ParameterizedTest
  @CsvSource({"200, 'loss 0.5  12 samples/s  310 MB  step 7'", "55, 'loss 0.5  12 samples/s  310 MB'",
      "40, 'loss 0.5'", "24, ''"})
  void theLineTellsWhatFits(int columns, String told) {
    StringWriter text = new StringWriter();
    Progress progress = new Progress(new Screen(text, new Terminal(columns, true)), 0);
    progress.from(0.5);
    progress.show("epoch 1 of 2", 0.5, List.of("loss 0.5", "12 samples/s", "310 MB", "step 7"));
    assertThat(text.toString().substring(1)).startsWith("epoch 1 of 2  ").hasSizeLessThan(columns)
        .endsWith(("50 %  " + told).strip());
  }

  @Test
  void theLineOfARunIsWhole() throws Exception {
    StringWriter text = new StringWriter();
    try (EpochTable table = new EpochTable(new Screen(text, new Terminal(200, true)))) {
      table.started(new TrainingStart(10, 100, 10, 2, 20, true, new Work(0, 0), OptionalDouble.empty(), "somewhere"));
      Thread.sleep(120);
      table.step(1, 0.7);
      SequencedMap<String, Measures> measures = new LinkedHashMap<>();
      measures.put("train", new Measures(new LinkedHashMap<>(Map.of("loss", 0.5)), new LinkedHashMap<>()));
      measures.put("validation", new Measures(new LinkedHashMap<>(Map.of("loss", 0.25)), new LinkedHashMap<>()));
      table.epoch(new EpochReport(1, 10, measures, 5, Duration.ofSeconds(1), true));
      Thread.sleep(120);
      table.step(11, 0.4);
      Thread.sleep(120);
      table.step(12, 0.4);
    }
    assertThat(text.toString()).contains("\repoch 1 of 2  [=                       ]   5 %")
        .containsPattern("loss 0.7000  (\\d+ MB  )?step 1 of 20")
        .containsPattern("epoch 2 of 2 .* left  loss 0.4000  \\d+ samples/s  validation loss 0.2500"
            + "  (\\d+ MB  )?step 12 of 20");
  }
}
