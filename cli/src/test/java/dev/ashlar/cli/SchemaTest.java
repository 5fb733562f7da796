package dev.ashlar.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.ashlar.cli.Console.Ended;
import dev.ashlar.io.json.Json;
import dev.ashlar.runtime.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The JSON Schema that editors get, judged by a validator that we did not write. */
class SchemaTest {

  private static final String RIGHT = """
      data: {source: {csv: {path: table.csv, label: kind}}, transforms: [standardize], split: {test: 0.25}}
      model: [{dense: 4}, tanh, {repeat: {times: 2, block: [{dense: {units: 4, activation: relu}}]}}, {dense: 2}]
      loss: cross_entropy
      optimizer: {adamw: {learning_rate: {cosine: {peak: 3e-3, warmup: 50}}}}
      metrics: [accuracy, {f1: micro, as: other}]
      train: {epochs: 3, batch: 8, seed: 1}
      """;

  private static Schema schema;

  @TempDir
  private Path folder;

  @BeforeAll
  static void read() {
    Ended printed = Console.run("schema");
    assertThat(printed.code()).as(printed.err()).isZero();
    schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(printed.out(), InputFormat.JSON);
  }

  private static List<Error> mistakes(String yaml) {
    return schema.validate(Json.write(Yaml.parse(yaml, "run.yaml")), InputFormat.JSON);
  }

  static Stream<Path> examples() throws IOException {
    return Files.list(Path.of("../examples")).filter(file -> file.toString().endsWith(".yaml")).sorted();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void everyExampleIsRight(Path example) throws IOException {
    assertThat(mistakes(Files.readString(example))).isEmpty();
  }

  @Test
  void whatIsRightIsRight() {
    assertThat(mistakes(RIGHT)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
      "loss: cross_entropy | los: cross_entropy",
      "loss: cross_entropy | loss: crossentropy",
      "loss: cross_entropy | loss: [cross_entropy]",
      "{dense: 4} | {dens: 4}",
      "{dense: 4} | {dense: four}",
      "{dense: 4} | {dense: 0}",
      "{dense: 4} | {dense: {units: 4, activaton: relu}}",
      "{dense: 4} | {dense: 4, dropout: 0.1}",
      "activation: relu | activation: reloo",
      "times: 2, | ''",
      "test: 0.25 | test: 1.5",
      "label: kind | label: 3",
      "peak: 3e-3 | peek: 3e-3",
      "peak: 3e-3 | peak: -1",
      "metrics: [accuracy, | metrics: [accurate,",
      "epochs: 3 | epochs: 3.5",
      "train: {epochs: 3, batch: 8, seed: 1} | train: fast"})
  void whatIsWrongIsWrong(String right, String wrong) {
    assertThat(RIGHT).contains(right);
    assertThat(mistakes(RIGHT.replace(right, wrong))).isNotEmpty();
  }

  @Test
  void aFileIsWrittenIfOneIsNamed() throws IOException {
    Path file = folder.resolve("ashlar.schema.json");
    assertThat(Console.run("schema", "--output", file).out()).isEqualTo("schema: " + file + "\n");
    assertThat(Files.readString(file)).isEqualTo(Console.run("schema").out());
    Ended nowhere = Console.run("schema", "--output", file.resolve("below"));
    assertThat(nowhere.code()).isEqualTo(2);
    assertThat(nowhere.err()).contains("found:", "help:");
  }
}
