package dev.ashlar.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ashlar.io.json.Json;
import dev.ashlar.plugin.Registry;
import dev.ashlar.runtime.report.RunFiles;
import dev.ashlar.training.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run leaves to be looked at, of each kind of task. */
class FindingsTest {

  @TempDir
  private Path folder;

  private Map<?, ?> found(String yaml) throws IOException, InterruptedException {
    Runs runs = new Runs(Registry.discover());
    Path config = Files.writeString(folder.resolve("run.yaml"), yaml);
    Path run = folder.resolve("run");
    runs.train(Configuration.read(config, List.of(), runs.plugins()), RunFolder.of(run), TrainingListener.SILENT);
    assertThat(run.resolve(RunFiles.PAGE)).content().contains("\\\"type\\\":\\\"end\\\"");
    return (Map<?, ?>) Json.read(run.resolve(RunFiles.FINDINGS)).plain();
  }

  private static List<Map<?, ?>> worst(Map<?, ?> found) {
    List<Map<?, ?>> worst = ((List<?>) found.get("worst")).stream().<Map<?, ?>>map(one -> (Map<?, ?>) one).toList();
    assertThat(worst).as("from the worst on").isSortedAccordingTo(
        (a, b) -> Double.compare(number(b.get("loss")), number(a.get("loss"))));
    return worst;
  }

  private static double number(Object value) {
    return ((Number) value).doubleValue();
  }

  private static Map<?, ?> map(Object value) {
    return (Map<?, ?>) value;
  }

  private static List<?> list(Object value) {
    return (List<?>) value;
  }

  /** Figures have four digits. */
  private static org.assertj.core.data.Percentage digits() {
    return org.assertj.core.data.Percentage.withPercentage(0.5);
  }

  @Test
  void classesOfATable() throws Exception {
    Files.writeString(folder.resolve("table.csv"), "size,colour,day,kind\n" + IntStream.range(0, 200)
        .mapToObj(i -> i % 17 + "," + (i % 3 == 0 ? "red" : "blue") + ",20" + (10 + i % 20) + "-12-31,"
            + (i % 17 > 8 || i % 29 == 0 ? "large" : "small") + "\n")
        .collect(Collectors.joining()));
    Map<?, ?> found = found("""
        data: {source: {csv: {path: table.csv, label: kind}}, transforms: [standardize], split: {test: 0.25}}
        model: [{dense: 8}, tanh, {dense: 2}]
        loss: cross_entropy
        optimizer: {adam: 0.05}
        metrics: [accuracy, f1]
        train: {epochs: 5, batch: 16, seed: 1}
        """);

    assertThat(found.get("part")).isEqualTo("test");
    assertThat(found.get("examples")).isEqualTo(50L);
    assertThat(list(found.get("classes")).stream().map(Object::toString)).containsExactly("large", "small");
    assertThat(list(found.get("matrix")).stream().flatMap(row -> list(row).stream()).mapToLong(cell -> (Long) cell)
        .sum())
        .isEqualTo(50);
    assertThat(map(list(found.get("by_class")).getFirst()).get("classes")).isEqualTo(List.of("large", "small"));
    List<Map<?, ?>> worst = worst(found);
    assertThat(worst).hasSize(12);
    for (Map<?, ?> one : worst) {
      assertThat(number(one.get("loss"))).isCloseTo(-Math.log(number(one.get("right_probability"))), digits());
      List<?> first = list(list(one.get("likeliest")).getFirst());
      assertThat(number(first.get(1))).isBetween(0.5, 1.0);
      List<?> row = list(map(one.get("input")).get("row"));
      assertThat(list(row.get(0)).getFirst()).isEqualTo("size");
      assertThat(list(row.get(1)).toString()).isIn("[colour, red]", "[colour, blue]");
      assertThat(list(row.get(2)).toString()).matches("\\[day, 20[12][0-9]-12-31]");
    }
  }

  @Test
  void numbers() throws Exception {
    Files.writeString(folder.resolve("table.csv"), "x,y,sum,product\n" + IntStream.range(0, 100)
        .mapToObj(i -> i % 7 + "," + i % 5 + "," + (i % 7 + i % 5) + "," + (i % 7) * (i % 5) + ".5\n")
            .collect(Collectors.joining()));
    Map<?, ?> found = found("""
        data: {source: {csv: {path: table.csv, targets: [sum, product]}}, split: {validation: 0.2}}
        model: [{dense: 8}, tanh, {dense: 2}]
        loss: mean_squared_error
        optimizer: {adam: 0.05}
        train: {epochs: 3, batch: 16, seed: 1}
        """);

    assertThat(found.get("matrix")).isNull();
    Map<?, ?> numbers = map(found.get("numbers"));
    assertThat(numbers.get("names")).isEqualTo(List.of("sum", "product"));
    assertThat(list(list(numbers.get("right")).get(1))).hasSize(20);
    for (Map<?, ?> one : worst(found)) {
      double squares = 0;
      for (int i = 0; i < 2; i++) {
        squares += Math.pow(number(list(one.get("told")).get(i)) - number(list(one.get("right_numbers")).get(i)),
            2) / 2;
      }
      assertThat(number(one.get("loss"))).isCloseTo(squares, digits());
    }
  }

  @Test
  void pictures() throws Exception {
    String header = IntStream.range(0, 36).mapToObj(i -> "p" + i / 6 + i % 6).collect(Collectors.joining(","));
    Files.writeString(folder.resolve("table.csv"), header + ",kind\n" + IntStream.range(0, 60).mapToObj(n ->
        IntStream.range(0, 36).mapToObj(i -> i / 6 == n % 6 ? "16" : "0").collect(Collectors.joining(",")) + ","
            + n % 2 + "\n")
        .collect(Collectors.joining()));
    for (String model : new String[] {"[{dense: 2}]",
        "[{reshape: [1, 6, 6]}, {conv2d: {filters: 2, kernel: 3}}, flatten, {dense: 2}]"}) {
      Map<?, ?> found = found("""
          data: {source: {csv: {path: table.csv, label: kind}}}
          model: %s
          loss: cross_entropy
          optimizer: {adam: 0.05}
          train: {epochs: 1, batch: 16, seed: 1}
          """.formatted(model));
      assertThat(found.get("part")).isEqualTo("train");
      Map<?, ?> input = map(worst(found).getFirst().get("input"));
      assertThat(List.of(input.get("width"), input.get("height"))).isEqualTo(List.of(6L, 6L));
      String file = (String) input.get("picture");
      assertThat(file).startsWith("data:image/png;base64,");
      assertThat(Base64.getDecoder().decode(file.substring(file.indexOf(',') + 1))).startsWith(0x89, 'P', 'N', 'G');
      deleteRun();
    }
  }

  private void deleteRun() throws IOException {
    dev.ashlar.io.files.AtomicFiles.deleteTree(folder.resolve("run"));
  }

  @Test
  void text() throws Exception {
    Files.writeString(folder.resolve("text.txt"), "so it is, so be it; ".repeat(40));
    Map<?, ?> found = found("""
        data: {source: {text: {path: text.txt, tokenizer: characters, length: 8}}, split: {validation: 0.2}}
        model: [{embedding: {vocabulary: 16, width: 8}}, {position_embedding: 8}, {dense: 16}]
        loss: cross_entropy
        optimizer: {adam: 0.05}
        train: {epochs: 2, batch: 8, seed: 1}
        """);

    assertThat(list(found.get("classes"))).isEmpty();
    assertThat(found.get("matrix")).isNull();
    for (Map<?, ?> one : worst(found)) {
      Map<?, ?> sequence = map(one.get("sequence"));
      String right = list(sequence.get("right")).stream().map(Object::toString).collect(Collectors.joining());
      assertThat("so it is, so be it; ".repeat(3)).contains(right);
      assertThat(right).hasSize(8);
      double mean = list(sequence.get("probability")).stream().mapToDouble(p -> -Math.log(number(p))).average()
          .orElseThrow();
      assertThat(number(one.get("loss"))).isCloseTo(mean, digits());
      assertThat((String) map(one.get("input")).get("text")).endsWith(right.substring(0, 7));
    }
  }

  @Test
  void figuresHaveFourDigits() {
    assertThat(Findings.number(1234567.0)).isEqualTo(1234567L);
    assertThat(Findings.number(0.000123456)).isEqualTo(0.0001235);
    assertThat(Findings.number(-12.3456)).isEqualTo(-12.35);
    assertThat(Findings.number(0)).isEqualTo(0L);
    assertThat(Findings.number(Double.NaN)).isEqualTo("NaN");
    assertThat(Findings.number(Double.NEGATIVE_INFINITY)).isEqualTo("-Infinity");
    assertThat((double) Findings.number(Double.MIN_VALUE)).isCloseTo(0, within(1e-300));
  }
}
