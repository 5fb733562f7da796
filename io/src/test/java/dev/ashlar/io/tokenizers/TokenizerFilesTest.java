package dev.ashlar.io.tokenizers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.config.Value;
import dev.ashlar.io.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What tokenizers of Hugging Face give: tokenizer_files.py wrote the expected numbers and texts. */
class TokenizerFilesTest {
  private static final Path FILES = Path.of("src/test/resources/dev/ashlar/io/tokenizers");
  private static final Path SHARED = Path.of("../../shared/fixtures/tokenizers");

  @TestFactory
  Stream<DynamicTest> giveTheSameNumbersAndTexts() throws IOException {
    return tests(FILES, 21);
  }

  @TestFactory
  Stream<DynamicTest> sharedOnesToo() throws IOException {
    Assumptions.assumeTrue(Files.isDirectory(SHARED), () -> "no folder " + SHARED + " beside this checkout");
    return tests(SHARED, 4);
  }

  private static Stream<DynamicTest> tests(Path folder, int least) throws IOException {
    try (var all = Files.list(folder)) {
      var folders = all.filter(Files::isDirectory).sorted().toList();
      assertThat(folders).hasSizeGreaterThanOrEqualTo(least);
      return folders.stream().map(f -> DynamicTest.dynamicTest(f.getFileName().toString(), () -> check(f)));
    }
  }

  private static void check(Path folder) throws IOException {
    var tokenizer = Tokenizer.read(folder);
    var rows = ((Value.Sequence) Json.read(folder.resolve("expected.json"))).items();
    assertThat(rows).hasSizeGreaterThan(10);
    for (var item : rows) {
      var row = (Value.Mapping) item;
      var ids = numbers(row.get("ids"));
      if (row.get("text") instanceof Value.Text(var text, var place)) {
        assertThat(tokenizer.encode(text)).as("%s %s", place, text).isEqualTo(ids);
        if (row.get("plain") != null) {
          assertThat(tokenizer.encode(text, false)).as("%s %s", place, text).isEqualTo(numbers(row.get("plain")));
        }
      }
      assertThat(tokenizer.decode(ids)).as("%s", row).isEqualTo(text(row.get("decoded")));
      assertThat(streamed(tokenizer.stream(), ids)).as("%s", row).isEqualTo(text(row.get("decoded")));
      if (row.get("all") != null) {
        assertThat(tokenizer.decode(ids, true)).as("%s", row).isEqualTo(text(row.get("all")));
        assertThat(streamed(tokenizer.stream(true), ids)).as("%s", row).isEqualTo(text(row.get("all")));
      }
    }
  }

  private static String streamed(Tokenizer.Stream stream, int[] ids) {
    var text = new StringBuilder();
    for (int id : ids) {
      var part = stream.next(id);
      assertThat(part.isEmpty() || !Character.isHighSurrogate(part.charAt(part.length() - 1))).isTrue();
      text.append(part);
    }
    return text.append(stream.rest()).toString();
  }

  private static int[] numbers(Value list) {
    return ((Value.Sequence) list).items().stream().mapToInt(v -> ((Value.Num) v).value().intValueExact()).toArray();
  }

  private static String text(Value value) {
    return ((Value.Text) value).value();
  }

  @Test
  void trainingLearnsTheSame() throws IOException {
    var lines = Files.readString(FILES.resolve("text.txt")).split("(?<=\n)");
    for (var pattern : List.of(WordPattern.GPT2, WordPattern.LLAMA3)) {
      var name = "trained-" + pattern.name().toLowerCase(Locale.ROOT) + ".json";
      var expected = (Value.Mapping) Json.read(FILES.resolve(name));
      int size = ((Value.Mapping) expected.get("vocab")).entries().size();
      var trainer = new BpeTrainer(new BpeTrainer.Options(size, pattern, List.of("<|endoftext|>"), 0));
      for (var line : lines) trainer.add(line);

      var model = model(trainer.train());
      assertThat(model.get("merges")).as(name).isEqualTo(expected.get("merges"));
      assertThat(((Value.Mapping) model.get("vocab")).plain()).as(name)
          .isEqualTo(((Value.Mapping) expected.get("vocab")).plain());
    }
  }

  @Test
  void trainingOnShakespeareLearnsTheSame() throws IOException {
    var text = SHARED.resolve("../../data/text/shakespeare.txt");
    Assumptions.assumeTrue(Files.exists(text), () -> "no file " + text + " beside this checkout");
    var trainer = new BpeTrainer(new BpeTrainer.Options(700, WordPattern.GPT2, List.of("<|endoftext|>"), 0));
    for (var line : Files.readString(text).split("(?<=\n)")) trainer.add(line);

    var model = model(trainer.train());
    var expected = model(Tokenizer.read(SHARED.resolve("byte-level-bpe")));
    assertThat(model.get("merges")).isEqualTo(expected.get("merges"));
    assertThat(model.get("vocab").plain()).isEqualTo(expected.get("vocab").plain());
  }

  private static Value.Mapping model(Tokenizer tokenizer) throws IOException {
    return (Value.Mapping) ((Value.Mapping) Json.read(tokenizer.toJson(), "x")).get("model");
  }
}
