package dev.ashlar.cli;

import static dev.ashlar.cli.Console.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ashlar.cli.Console.Ended;
import dev.ashlar.config.Value;
import dev.ashlar.io.numpy.NumpyFiles;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
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

  @Test
  void linesOfTextAreToldApart() throws Exception {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 60; i++) {
      lines.append(i % 2 == 0 ? "up\t" : "down\t").append(i % 2 == 0 ? "ab" : "ba").append(i).append('\n');
    }
    Files.writeString(folder.resolve("lines.txt"), lines);
    Path config = Files.writeString(folder.resolve("lines.yaml"), """
        data: {source: {text_lines: {path: lines.txt, length: 6, tokens: characters}}, split: {test: 0.2}}
        model: [{embedding: {vocabulary: 13, width: 8}}, flatten, {dense: 2}]
        loss: cross_entropy
        optimizer: {adamw: 0.05}
        metrics: [accuracy]
        train: {epochs: 10, batch: 8}
        """);
    Path out = folder.resolve("lines");
    Ended trained = run("train", config, "--out", out, "--json");
    assertThat(trained.code()).as(trained.err()).isZero();
    assertThat(metrics(run("evaluate", out, "--json").out())).isEqualTo(metrics(trained.out()));
    Path asked = Files.writeString(folder.resolve("asked.txt"), "ba0\nab1\n");
    List<String> told = run("predict", out, "--input", asked).out().lines().toList();
    assertThat(told.getFirst()).isEqualTo("prediction,down,up");
    assertThat(told.get(1)).startsWith("down,");
    assertThat(told.get(2)).startsWith("up,");
    Ended unknown = run("predict", out, "--input", Files.writeString(asked, "ab\nabc\n"), "--output",
        folder.resolve("none.csv"));
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.err()).startsWith(asked + ":2\n").contains("the character 'c'", "one of the 12");
    assertThat(folder.resolve("none.csv")).doesNotExist();
  }

  @Test
  void imagesAreToldApart() throws Exception {
    for (int i = 0; i < 12; i++) {
      BufferedImage image = new BufferedImage(6, 5, BufferedImage.TYPE_INT_RGB);
      for (int x = 0; x < 3; x++) {
        image.setRGB(x + (i % 2 == 0 ? 0 : 3), i % 5, 0xff8040 + i);
      }
      Path file = folder.resolve(i % 2 == 0 ? "pets/left" : "pets/right").resolve(i + ".png");
      Files.createDirectories(file.getParent());
      ImageIO.write(image, "png", file.toFile());
    }
    Path config = Files.writeString(folder.resolve("pets.yaml"), """
        data: {source: {image_folder: {path: pets, height: 5, width: 6}}, transforms: [{divide: 255}]}
        model: [flatten, {dense: 2}]
        loss: cross_entropy
        optimizer: {adamw: 0.05}
        train: {epochs: 30, batch: 4}
        """);
    Path out = folder.resolve("out");
    assertThat(run("train", config, "--out", out).code()).isZero();
    List<String> told = run("predict", out, "--input", folder.resolve("pets")).out().lines().toList();
    assertThat(told).hasSize(13);
    assertThat(told.getFirst()).isEqualTo("file,prediction,left,right");
    assertThat(told.subList(1, 13)).allSatisfy(
        line -> assertThat(line.split(",")[1]).isEqualTo(line.split("[/\\\\]")[0]));
    Ended one = run("predict", out, "--input", folder.resolve("pets/right/1.png"), "--to", "jsonl");
    assertThat(one.out()).contains("1.png\",\"prediction\":\"right\",\"probabilities\":{\"left\":");
    assertThat(run("predict", out, "--input", folder.resolve("pets/right"), "--output", folder.resolve("p.npy")).code())
        .isZero();
    assertThat(NumpyFiles.read(folder.resolve("p.npy")).shape().dims()).containsExactly(6, 2);

    Files.writeString(folder.resolve("pets/right/0.png"), "no image");
    Ended damaged = run("predict", out, "--input", folder.resolve("pets"), "--output", folder.resolve("p.csv"));
    assertThat(damaged.code()).isEqualTo(2);
    assertThat(damaged.err()).startsWith(folder.resolve("pets/right/0.png") + "\n").contains("no image of a format");
    assertThat(folder.resolve("p.csv")).doesNotExist();
    assertThat(run("predict", out, "--from", "images").err()).contains("say --input FILE");
    assertThat(run("predict", out, "--to", "images").err()).contains("csv, jsonl or npy");
    assertThat(run("predict", out, "--input", "photos.parquet").err()).contains("another format", "--from csv");
    assertThat(run("predict", out, "--input", config, "--output", folder.resolve("p.xlsx")).code()).isEqualTo(2);
    assertThat(folder.resolve("p.xlsx")).doesNotExist();
  }

  private static Value.Mapping json(String out) {
    return (Value.Mapping) Value.parse(out.strip().lines().toList().getLast(), "report");
  }

  private static Object metrics(String out) {
    return json(out).get("metrics").plain();
  }
}
