package dev.ashlar.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.within;

import dev.ashlar.config.Name;
import dev.ashlar.data.Dataset;
import dev.ashlar.io.data.Csv;
import dev.ashlar.io.data.CsvWording;
import dev.ashlar.io.model.ModelFile;
import dev.ashlar.io.tables.Missing;
import dev.ashlar.io.transforms.Standardize;
import dev.ashlar.layers.Dense;
import dev.ashlar.layers.Sequential;
import dev.ashlar.layers.activations.Activations;
import dev.ashlar.layers.losses.CrossEntropy;
import dev.ashlar.layers.losses.MeanSquaredError;
import dev.ashlar.model.Batch;
import dev.ashlar.model.Loss;
import dev.ashlar.optimizers.Adam;
import dev.ashlar.plugin.Registry;
import dev.ashlar.program.Backend;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an application asks, with values of its own. Messages: embedding-mistakes.txt. */
class EmbeddingTest {

  private static final Path MESSAGES = Path.of("src/test/resources/dev/ashlar/training/embedding-mistakes.txt");
  private static final String TABLE = """
      age,home town,since,size,likes
      31,Oslo,2020-01-31,small,yes
      45,Rome,2021-06-01,large,no
      NA,Oslo,2022-02-28T12:00:00,large,yes
      22,Lima,2023-11-11,small,no
      60,Rome,2019-03-03,small,no
      38,Oslo,2024-07-15,large,yes
      """;

  @TempDir
  private static Path folder;
  private static Path file;
  private static Model model;

  enum Size { SMALL, large }

  record Person(Optional<Integer> age, @Name("home town") String town, LocalDate since, Size size) {}

  record Misspelt(int agee) {}

  @BeforeAll
  static void train() throws Exception {
    file = train(TABLE, "likes", new CrossEntropy(), 2, "likes");
    model = Model.load(file);
  }

  private static Path train(String table, String label, Loss loss, int outputs, String name) throws Exception {
    Path csv = Files.writeString(folder.resolve(name + ".csv"), table);
    Path saved = folder.resolve(name + ".safetensors");
    Architecture network = new Architecture(List.of(new Standardize()),
        Sequential.of(Dense.of(5).withActivation(Activations.TANH), Dense.of(outputs)));
    try (Dataset data = Csv.of(csv).withLabel(label).withMissing(new Missing(Missing.Fill.Learnt.ERROR,
            table.startsWith("age") ? Map.of("age", Missing.Fill.Learnt.MEAN) : Map.of(), Missing.MARKERS)).open();
        Backend backend = Backends.open(Registry.discover());
        TrainingResult result = new Trainer(backend).train(
            Task.of(network, loss, Adam.of(0.05)), Examples.of(data), Settings.of(4, 6))) {
      result.model().save(saved);
    }
    return saved;
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static Map<String, Object> row() {
    return new HashMap<>(Map.of("age", 31, "home town", "Oslo", "since", "2020-01-31", "size", "small"));
  }

  @Test
  void aModelComesFromAnywhere() throws Exception {
    float[] expected = model.ask(row()).scores();
    byte[] bytes = Files.readAllBytes(file);
    try (Model ofBytes = Model.load(bytes);
        Model ofStream = Model.load(new ByteArrayInputStream(bytes));
        Backend backend = Backends.open(Registry.discover());
        Model ofFile = Model.load(ModelFile.read(bytes, "mine"), Registry.discover(), backend)) {
      assertThat(ofBytes.ask(row()).scores()).containsExactly(expected);
      assertThat(ofStream.ask(row()).scores()).containsExactly(expected);
      assertThat(ofFile.ask(row()).scores()).containsExactly(expected);
    }
    Path beside = Path.of(EmbeddingTest.class.getProtectionDomain().getCodeSource().getLocation().toURI())
        .resolve("dev/ashlar/training/beside.safetensors");
    Files.write(beside, bytes);
    try (Model ofResource = Model.load(EmbeddingTest.class, "beside.safetensors");
        Model ofRoot = Model.load(EmbeddingTest.class, "/dev/ashlar/training/beside.safetensors")) {
      assertThat(ofResource.ask(row()).scores()).containsExactly(expected);
      assertThat(ofRoot.ask(row()).scores()).containsExactly(expected);
    } finally {
      Files.delete(beside);
    }
  }

  /** Rows of programs and rows of files are the same numbers. */
  @Test
  void rowsAreEncodedAsInTraining() throws Exception {
    Path asked = Files.writeString(folder.resolve("asked.csv"), TABLE);
    try (Dataset data = Csv.of(asked).open(model.signature().encoding().orElseThrow(), wording())) {
      NDArray features = NDArray.zeros(Model.batched(data.columns().get(Batch.INPUT), 6));
      data.read(new long[] {0, 1, 2, 3, 4, 5}, 6, Map.of(Batch.INPUT, features));
      List<Map<String, Object>> rows = new ArrayList<>();
      TABLE.lines().skip(1).forEach(line -> {
        String[] cells = line.split(",");
        rows.add(Map.of("age", cells[0], "home town", cells[1], "since", cells[2], "size", cells[3]));
      });
      List<Answer> answers = model.askAll(rows);
      List<Answer> ofArray = model.askAll(features);
      float[] expected = model.predict(features).toFloats();
      for (int i = 0; i < 6; i++) {
        assertThat(answers.get(i).scores()).containsExactly(Arrays.copyOfRange(expected, 2 * i, 2 * i + 2));
        assertThat(ofArray.get(i).scores()).containsExactly(answers.get(i).scores());
      }
    }
  }

  private static CsvWording wording() {
    return CsvWording.ofConfiguration(Path.of("asked.csv"));
  }

  @Test
  void recordsAreRows() {
    Person known = new Person(Optional.of(31), " Oslo ", LocalDate.of(2020, 1, 31), Size.large);
    Map<String, Object> same = row();
    same.put("size", "large");
    assertThat(model.ask(known).scores()).containsExactly(model.ask(same).scores());
    Map<String, Object> without = new HashMap<>(same);
    without.remove("age"); // the mean stands for it
    assertThat(model.ask(new Person(Optional.empty(), "Oslo", LocalDate.of(2020, 1, 31), Size.large)).scores())
        .containsExactly(model.ask(without).scores());
    same.put("age", Double.NaN);
    assertThat(model.ask(same).scores()).containsExactly(model.ask(without).scores())
        .isNotEqualTo(model.ask(row()).scores());
    assertThat(model.askAll(List.of(known, row()))).hasSize(2);
  }

  @Test
  void answersHaveTypes() throws Exception {
    Answer answer = model.ask(row());
    assertThat(answer.probabilities().keySet()).containsExactly("no", "yes");
    assertThat(answer.probabilities().values().stream().mapToDouble(p -> p).sum()).isCloseTo(1, within(1e-6));
    assertThat(answer.label()).isIn("yes", "no");
    assertThat(answer.probability()).isEqualTo(answer.probabilities().get(answer.label())).isGreaterThanOrEqualTo(0.5);
    assertThat(answer.toString()).startsWith(answer.label() + " (0.");
    assertThat(answer.scores()).hasSize(2).isNotEqualTo(answer.numbers());
    String numbers = "a,price\n1,10\n2,20.5\n3,30\n4,40\n";
    try (Model price = Model.load(train(numbers, "price", new MeanSquaredError(), 1, "price"))) {
      Answer one = price.ask(2f);
      assertThat(one.number()).isEqualTo((double) price.predict(2f)[0]).isEqualTo(one.named().get("price"));
      assertThat(price.ask(Map.of("a", 2)).number()).isEqualTo(one.number());
      assertThat(one.toString()).isEqualTo("price " + (float) one.number());
    }
  }

  @Test
  void theSignatureReadsWell() {
    assertThat(model.signature().toString()).isEqualTo("""
        input: f32[9] of age, home town=Lima, home town=Oslo, home town=Rome, since.years, since.season_sin, \
        since.season_cos, since.weekday_sin ..
        output: f32[2], scores of no, yes""".replace("f32[9]", "f32[" + width() + "]"));
  }

  private static long width() {
    return model.signature().inputTypes().firstEntry().getValue().shape().size();
  }

  @Test
  void mistakesAreOneMessageEach() throws Exception {
    Map<String, Throwable> thrown = new LinkedHashMap<>();
    thrown.put("wrong width", catchThrowable(() -> model.predict(1, 2, 3)));
    thrown.put("wrong width among several", catchThrowable(() -> model.askAll(new float[][] {new float[(int) width()], {1}})));
    thrown.put("wrong array", catchThrowable(() -> model.askAll(NDArray.of(Shape.of(1, 3), 1f, 2f, 3f))));
    thrown.put("unknown column", asked("agee", 1));
    thrown.put("column far from any", asked("weight", 1));
    thrown.put("misspelt column", catchThrowable(() -> {
      Map<String, Object> row = row();
      row.remove("age");
      row.put("aeg", 31);
      model.ask(row);
    }));
    thrown.put("missing column", catchThrowable(() -> {
      Map<String, Object> row = row();
      row.remove("size");
      model.ask(row);
    }));
    thrown.put("null", asked("since", null));
    thrown.put("text for a number", asked("age", "old"));
    thrown.put("comma in a number", asked("age", "31,5"));
    thrown.put("marker for a category", asked("size", "NA"));
    thrown.put("infinite number", asked("age", Float.POSITIVE_INFINITY));
    thrown.put("no number", asked("age", List.of(1)));
    thrown.put("no date", asked("since", "31.1.2020"));
    thrown.put("number for a date", asked("since", 5));
    thrown.put("second row", catchThrowable(() -> model.askAll(List.of(row(), Map.of("age", 1)))));
    thrown.put("no row", catchThrowable(() -> model.askAll(List.of(row(), "age"))));
    thrown.put("record with another component", catchThrowable(() -> model.ask(new Misspelt(1))));
    thrown.put("number of classes", catchThrowable(() -> model.ask(row()).number()));
    thrown.put("names of classes", catchThrowable(() -> model.ask(row()).named()));
    thrown.put("no resource", catchThrowable(() -> Model.load(EmbeddingTest.class, "absent.safetensors")));
    thrown.put("no model", catchThrowable(() -> Model.load(new byte[] {1, 2, 3})));
    thrown.put("batch of nothing", catchThrowable(() -> model.warmUp(0)));
    Model closed = Model.load(file);
    closed.close();
    thrown.put("closed", catchThrowable(() -> closed.predict(1)));
    thrown.put("other weights", catchThrowable(() -> model.replaceWeights(
        train(TABLE.replace("Lima", "Bonn"), "likes", new CrossEntropy(), 2, "bonn"))));
    thrown.put("another architecture", catchThrowable(() -> model.replaceWeights(
        train(TABLE, "likes", new CrossEntropy(), 3, "three"))));
    StringBuilder messages = new StringBuilder();
    thrown.forEach((what, e) -> messages.append("== ").append(what).append('\n')
        .append(e == null ? "nothing" : e.getClass().getSimpleName() + ": "
            + e.getMessage().replace(folder.toString(), "FOLDER")).append("\n\n"));
    if (Boolean.getBoolean("ashlar.golden.update")) {
      Files.writeString(MESSAGES, messages);
    }
    assertThat(messages.toString()).isEqualTo(Files.readString(MESSAGES));
  }

  private static Throwable asked(String column, Object value) {
    return catchThrowable(() -> {
      Map<String, Object> row = row();
      row.put(column, value);
      model.ask(row);
    });
  }
}
