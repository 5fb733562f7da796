package dev.ashlar.cli;

import static dev.ashlar.cli.Console.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ashlar.cli.Console.Ended;
import dev.ashlar.config.Value;
import dev.ashlar.io.numpy.NumpyFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables of categories, dates and gaps, from training to prediction. */
class TablesTest {

  @TempDir
  private Path folder;

  @Test
  void whatIsLearntOfATableIsAppliedAtPrediction() throws Exception {
    StringBuilder table = new StringBuilder("id,age,city,joined,kind\n");
    for (int i = 0; i < 60; i++) {
      table.append("p").append(i).append(',').append(i % 7 == 0 ? "" : 20 + i % 30).append(',')
          .append(i % 3 == 0 ? "Oslo" : "Rome").append(",2026-0").append(1 + i % 9).append("-11,")
          .append(i % 3 == 0 ? "north" : "south").append('\n');
    }
    Files.writeString(folder.resolve("people.csv"), table);
    Path people = Files.writeString(folder.resolve("people.yaml"), """
        data:
          source: {csv: {path: people.csv, label: kind, columns: {id: ignore}, missing: {all: median}}}
          transforms: [{standardize: {columns: [age, joined]}}]
          split: {test: 0.2, stratify: true}
        model: [{dense: 2}]
        loss: cross_entropy
        optimizer: {adamw: 0.1}
        metrics: [accuracy]
        train: {epochs: 40, batch: 8}
        """);
    Path out = folder.resolve("people");
    Ended trained = run("train", people, "--out", out, "--json");
    assertThat(trained.code()).as(trained.err()).isZero();
    Ended evaluated = run("evaluate", out, "--json");
    assertThat(metrics(evaluated.out())).as(evaluated.err()).isEqualTo(metrics(trained.out()));

    Ended folds = run("train", people, "--folds", 3, "--json");
    assertThat(folds.code()).as(folds.err()).isZero();
    assertThat(folds.out()).containsPattern("test: loss [0-9.e-]+ \\+- [0-9.e-]+, accuracy ");
    assertThat(((Value.Sequence) json(folds.out()).get("folds")).items()).hasSize(3);
    assertThat(run("train", people, "--folds", 61).err()).contains("61 folds of 60 examples", "not 61");

    Path asked = Files.writeString(folder.resolve("asked.csv"),
        "city,joined,age\nOslo,2026-02-01,\nRome,2026-03-01,31\n");
    Ended csv = run("predict", out, "--input", asked);
    assertThat(csv.code()).as(csv.err()).isZero();
    List<String> lines = csv.out().lines().toList();
    assertThat(lines.getFirst()).isEqualTo("prediction,north,south");
    assertThat(lines.get(1)).startsWith("north,");
    assertThat(lines.get(2)).startsWith("south,");
    String[] cells = lines.get(1).split(",");
    assertThat(Float.parseFloat(cells[1]) + Float.parseFloat(cells[2])).isCloseTo(1, within(1e-6f));

    Path json = Files.writeString(folder.resolve("asked.jsonl"),
        "{\"joined\": \"2026-02-01\", \"city\": \"Oslo\"}\n"
            + "{\"age\": 31, \"joined\": \"2026-03-01\", \"city\": \"Rome\"}\n");
    assertThat(run("predict", out, "--input", json).out()).isEqualTo(csv.out());
    assertThat(run("predict", out, "--input", asked, "--to", "jsonl").out().lines().toList().getFirst()).isEqualTo(
        "{\"prediction\":\"north\",\"probabilities\":{\"north\":" + cells[1] + ",\"south\":" + cells[2] + "}}");
    Path array = folder.resolve("answers.npy");
    assertThat(run("predict", out, "--input", asked, "--output", array).code()).isZero();
    assertThat(NumpyFiles.read(array).shape().dims()).containsExactly(2, 2);
    assertThat(NumpyFiles.read(array).toFloats()[0]).isEqualTo(Float.parseFloat(cells[1]));

    Files.writeString(asked, "city,joined,age\nBergen,2026-02-01,30\n,2026-02-01,30\n");
    Ended unknown = run("predict", out, "--input", asked);
    assertThat(unknown.code()).as(unknown.err()).isZero();
    assertThat(run("predict", out, "--input", asked, "--to", "npy").err()).contains("--output FILE.npy");
    assertThat(run("predict", out, "--to", "xlsx").err()).contains("csv, jsonl or npy");
    Files.writeString(asked, "city,joined,age\nOslo,tomorrow,30\n");
    assertThat(run("predict", out, "--input", asked).err()).isEqualTo("""
        %s:2: column 'joined'
          found:    'tomorrow'
          expected: a date written as 2026-03-31 or 2026-03-31T12:30:00
          help:     mend the table
        """.formatted(asked));
  }

  private static Value.Mapping json(String out) {
    return (Value.Mapping) Value.parse(out.strip().lines().toList().getLast(), "report");
  }

  private static Object metrics(String out) {
    return json(out).get("metrics").plain();
  }
}
