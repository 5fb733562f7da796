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
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InitTest {

  @TempDir
  private Path folder;

  private double trained(Path yaml, String part, String metric) throws Exception {
    Ended trained = run("train", yaml, "--out", folder.resolve("out"), "--overwrite", "--json");
    assertThat(trained.code()).as(trained.err() + Files.readString(yaml)).isZero();
    Map<?, ?> report = (Map<?, ?>) Value.parse(trained.out().strip().lines().toList().getLast(), "report").plain();
    return ((Number) ((Map<?, ?>) ((Map<?, ?>) report.get("metrics")).get(part)).get(metric)).doubleValue();
  }

  private Path written(Path table, String... options) {
    Path yaml = folder.resolve("run.yaml");
    Object[] arguments = new Object[5 + options.length];
    System.arraycopy(new Object[] {"init", table, "--output", yaml, "--overwrite"}, 0, arguments, 0, 5);
    System.arraycopy(options, 0, arguments, 5, options.length);
    Ended ended = run(arguments);
    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(ended.out()).contains("configuration: " + yaml, "next: ashlar train " + yaml);
    return yaml;
  }

  @ParameterizedTest
  @CsvSource({"iris, 0.9", "digits, 0.95"})
  void whatItWritesTrainsAtOnce(String name, double accuracy) throws Exception {
    Path yaml = written(Path.of("../examples/data", name + ".csv"));
    assertThat(trained(yaml, "test", "accuracy")).isGreaterThan(accuracy);
    assertThat(run("validate", yaml).code()).isZero();
  }

  @Test
  void numbersAreLearntInTheirOwnUnits() throws Exception {
    Random random = new Random(1);
    StringBuilder table = new StringBuilder("id;rooms;area;price\n");
    for (int i = 0; i < 400; i++) {
      int rooms = 1 + random.nextInt(6);
      double area = 20 + 100 * random.nextDouble();
      double price = 50_000 + 20_000 * rooms + 3000 * area + 10_000 * random.nextGaussian();
      table.append(i + 1).append(';').append(rooms).append(';').append(area).append(';').append(price).append('\n');
    }
    Path yaml = written(Files.writeString(folder.resolve("houses.csv"), table));
    assertThat(Files.readString(yaml)).contains("path: houses.csv", "label: price", "task: regression", "ignore: [id]",
        "loss: mean_squared_error", "- rescale: {scale: ");
    assertThat(trained(yaml, "test", "r2")).isGreaterThan(0.9);
  }

  @Test
  void numbersFarFromZeroAreLearntToo() throws Exception {
    Random random = new Random(1);
    StringBuilder table = new StringBuilder("warmth,${rings},year\n");
    for (int i = 0; i < 400; i++) {
      double year = 1990 + 5 * random.nextGaussian();
      table.append(year % 10).append(',').append(year * 2 + random.nextGaussian()).append(',').append(year)
          .append('\n');
    }
    Path yaml = written(Files.writeString(folder.resolve("trees.csv"), table));
    assertThat(trained(yaml, "test", "r2")).isGreaterThan(0.9);
    assertThat(run("init", folder.resolve("trees.csv"), "--label", "${rings}", "--output", folder.resolve("rings.yaml"))
        .code()).isZero();
    assertThat(run("validate", folder.resolve("rings.yaml")).code()).isZero();
  }

  @Test
  void twoClassesOfWhichOneIsRare() throws Exception {
    Random random = new Random(1);
    StringBuilder table = new StringBuilder("a,target,b\n");
    for (int i = 0; i < 300; i++) {
      double a = random.nextGaussian();
      double b = random.nextGaussian();
      table.append(a).append(',').append(a + b > 1.9 ? 1 : 0).append(',').append(b).append('\n');
    }
    Path yaml = written(Files.writeString(folder.resolve("rare.csv"), table), "--yes");
    assertThat(Files.readString(yaml)).contains("label: target", "task: classification", "metrics: [accuracy, f1]",
        "- dense: 2 ");
    assertThat(trained(yaml, "test", "f1")).isGreaterThan(0.8);
    assertThat(Files.readString(written(folder.resolve("rare.csv"), "--label", "a"))).contains("label: a",
        "task: regression");
  }

  @Test
  void columnsOfManyKindsDoNoHarm() throws Exception {
    Random random = new Random(1);
    StringBuilder table = new StringBuilder("id,name,city,born,age,income,bought\n");
    for (int i = 0; i < 300; i++) {
      int age = 18 + random.nextInt(60);
      table.append(i + 1).append(",Person ").append(i).append(',').append(i % 3 == 0 ? "Rome" : "Paris").append(",19")
          .append(99 - age).append("-05-1").append(i % 10).append(',').append(age).append(',')
          .append(i % 9 == 0 ? "" : "" + 1000 * random.nextInt(60)).append(age > 45 ? ",yes\n" : ",no\n");
    }
    Path yaml = written(Files.writeString(folder.resolve("people.csv"), table));
    assertThat(Files.readString(yaml)).contains("label: bought", "# left out: id, name", "ignore: [id, name");
    assertThat(trained(yaml, "test", "accuracy")).isGreaterThan(0.9);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
      "--label kind | '', which is no column", "--label Kin | did you mean 'Kind'?",
      "--task clustering | one of classification, regression", "--task regression | text",
      "--label same | the same value in each row", "--label name | almost as many values as rows"})
  void whatCannotBeLearntIsToldAndNothingIsWritten(String option, String told) throws Exception {
    StringBuilder table = new StringBuilder("name,same,x,Kind\n");
    for (int i = 0; i < 30; i++) {
      table.append("n").append(i).append(",1,").append(i * 0.5).append(i % 2 == 0 ? ",a\n" : ",b\n");
    }
    Path file = Files.writeString(folder.resolve("table.csv"), table);
    Path yaml = folder.resolve("none.yaml");
    String[] words = option.split(" ");
    Ended ended = run("init", file, "--output", yaml, words[0], words[1]);
    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.err()).contains(told.startsWith("''") ? "'kind', which is no column" : told);
    assertThat(yaml).doesNotExist();
  }

  @Test
  void aFileThatIsThereStays() throws Exception {
    Path yaml = Files.writeString(folder.resolve("mine.yaml"), "mine");
    Ended ended = run("init", "../examples/data/iris.csv", "--output", yaml);
    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.err()).contains("a file of that name", "--overwrite");
    assertThat(yaml).hasContent("mine");
    assertThat(run("init", folder.resolve("none.csv")).code()).isEqualTo(2);
  }

  @Test
  void onATerminalItAsks() throws Exception {
    Path yaml = folder.resolve("asked.yaml");
    InputStream before = System.in;
    try {
      System.setIn(new ByteArrayInputStream(("sepal_width\n\n" + yaml + "\n").getBytes(StandardCharsets.UTF_8)));
      Ended ended = run(new Terminal(80, true), "init", "../examples/data/iris.csv");
      assertThat(ended.code()).as(ended.err()).isZero();
      assertThat(ended.out()).startsWith("Which column is to be learnt? [label] ")
          .contains("Is it classification or regression? [regression] ", "[iris.yaml] ");
    } finally {
      System.setIn(before);
    }
    assertThat(Files.readString(yaml)).contains("label: sepal_width", "task: regression");
  }
}
