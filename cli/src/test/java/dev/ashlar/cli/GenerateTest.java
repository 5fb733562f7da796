package dev.ashlar.cli;

import static dev.ashlar.cli.Console.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.ashlar.cli.Console.Ended;
import dev.ashlar.config.Value;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** {@code ashlar generate}, with a model that has learnt a rhyme by heart. */
class GenerateTest {

  private static final Path FIXTURES = Path.of("../../shared/fixtures/hf");

  @TempDir
  private static Path folder;

  private static Path model;

  @BeforeAll
  static void train() throws Exception {
    Files.writeString(folder.resolve("rhyme.txt"), "one, two, three.\n".repeat(40));
    Path config = Files.writeString(folder.resolve("rhyme.yaml"), """
        data: {source: {text: {path: rhyme.txt, tokens: characters, length: 32, stride: 3}}}
        model:
          - embedding: {vocabulary: 12, width: 16}
          - position_embedding: 32
          - transformer_block: {heads: 2}
          - layer_norm
          - dense: 12
        loss: cross_entropy
        optimizer: {adam: 0.01}
        train: {epochs: 12, batch: 8, seed: 1}
        """);
    model = folder.resolve("rhyme");
    Ended trained = run("train", config, "--out", model);
    assertThat(trained.code()).as(trained.err()).isZero();
  }

  private static Map<?, ?> json(String line) {
    return (Map<?, ?>) Value.parse(line, "line").plain();
  }

  @Test
  void goesOnWithAText() {
    Ended ended = run("generate", model, "--prompt", "one, t", "--greedy", "--max-new-tokens", 10);
    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(ended.out()).isEqualTo("wo, three.\n");
    assertThat(ended.err()).matches("10 new tokens, [0-9.]+ a second; 6 of the prompt, [0-9]+ a second\n");
    Ended quiet = run("generate", model, "--prompt", "one, t", "--temperature", 0, "--stop", "hr", "--stop", "x",
        "--quiet");
    assertThat(quiet.out()).isEqualTo("wo, t\n");
    assertThat(quiet.err()).isEmpty();
  }

  @Test
  void tellsWherePositionsEnd() {
    Ended ended = run("generate", model, "--prompt", "one, two, three.\none, two, ", "--greedy");
    assertThat(ended.out()).isEqualTo("three\n");
    assertThat(ended.err()).endsWith("; ended where the model knows no more positions\n");
  }

  @Test
  void oneLineOfJsonForEachPrompt() throws Exception {
    Ended one = run("generate", model, "--prompt", "one, t", "--greedy", "--max-new-tokens", 4, "--json");
    assertThat(one.err()).isEmpty();
    assertThat(one.out().lines()).hasSize(1);
    Map<?, ?> line = json(one.out().strip());
    assertThat(line.keySet().stream().map(String::valueOf))
        .containsExactly("ids", "text", "tokens_per_second", "finish_reason");
    assertThat(line.get("text")).isEqualTo("wo, ");
    assertThat((List<?>) line.get("ids")).hasSize(4);
    assertThat((Double) line.get("tokens_per_second")).isPositive();

    Path prompts = Files.writeString(folder.resolve("prompts.jsonl"),
        "{\"prompt\": \"one, t\"}\n\"two, th\"\n\n{\"ids\": [5, 2]}\n{\"text\": \"three.\"}\n");
    List<List<?>> batches = new ArrayList<>();
    for (int batch : new int[] {1, 3, 8}) {
      Ended several = run("generate", model, "--input", prompts, "--batch", batch, "--max-new-tokens", 6,
          "--seed", 3, "--json");
      assertThat(several.code()).as(several.err()).isZero();
      assertThat(several.out().lines()).hasSize(4);
      batches.add(several.out().lines().map(each -> json(each).get("ids")).toList());
    }
    assertThat(batches).as("whatever the batch").containsOnly(batches.getFirst());
  }

  @Test
  void severalPromptsAreAnsweredInOrder() throws Exception {
    Path prompts = Files.writeString(folder.resolve("prompts.txt"), "one, t\ntwo, th\n");
    Ended ended = run("generate", model, "--input", prompts, "--greedy", "--max-new-tokens", 4);
    assertThat(ended.out()).isEqualTo("-- " + prompts + ":1 --\nwo, \n\n-- " + prompts + ":2 --\nree.\n");
    assertThat(ended.err()).matches("8 new tokens, .* a second; 13 of the prompts, .* a second\n");
  }

  /** Written anew with {@code -Dashlar.golden.update=true}, to be read before it is committed. */
  @Test
  void helpIsAsWritten() throws Exception {
    Path golden = Path.of("src/test/resources/dev/ashlar/cli/generate-help.txt");
    String help = run("generate", "--help").out();
    if (Boolean.getBoolean("ashlar.golden.update")) {
      Files.writeString(golden, help);
    }
    assertThat(help).isEqualTo(Files.readString(golden));
  }

  @Test
  void rowsComeAsTheyEndInTheirOrder() throws Exception {
    // The first ends where the model knows no more positions, long after the second.
    Path prompts = Files.writeString(folder.resolve("uneven.jsonl"),
        "\"one\"\n\"one, two, three.\\none, two, th\"\n\"one, two, three.\\none\"\n");
    Ended ended = run("generate", model, "--input", prompts, "--greedy", "--json", "--max-new-tokens", 20);
    assertThat(ended.out().lines().map(line -> ((List<?>) json(line).get("ids")).size())).containsExactly(20, 3, 12);
    assertThat(ended.out().lines().map(line -> String.valueOf(json(line).get("finish_reason"))))
        .containsExactly("length", "context", "context");
  }

  @Test
  void aPromptComesFromStandardInput() {
    InputStream before = System.in;
    try {
      System.setIn(new ByteArrayInputStream("one, t\n".getBytes(StandardCharsets.UTF_8)));
      assertThat(run("generate", model, "--prompt", "-", "--greedy", "--max-new-tokens", 2).out()).isEqualTo("wo\n");
    } finally {
      System.setIn(before);
    }
  }

  @Test
  void sameSeedSameText() {
    Object[] drawn = {"generate", model, "--prompt", "one", "--temperature", 3, "--max-new-tokens", 20, "--seed"};
    List<String> texts = Stream.of(7, 7, 8).map(seed -> run(with(drawn, seed)).out()).toList();
    assertThat(texts.get(1)).isEqualTo(texts.get(0)).isNotEqualTo(texts.get(2));
    assertThat(run(with(with(drawn, 7), "--threads", 1)).out()).isEqualTo(texts.getFirst());
    assertThat(run(with(with(drawn, 7), "--top-k", 1)).out())
        .isEqualTo(run("generate", model, "--prompt", "one", "--greedy", "--max-new-tokens", 20).out());
  }

  private static Object[] with(Object[] words, Object... more) {
    return Stream.concat(Arrays.stream(words), Arrays.stream(more)).toArray();
  }

  /** Defaults come from the folder, and options win. */
  @Test
  void aFolderSaysHowTokensAreChosen(@TempDir Path copy) throws Exception {
    assumeThat(FIXTURES).as("no folder of fixtures beside the checkout").isDirectory();
    for (String name : List.of("config.json", "model.safetensors")) {
      Files.copy(FIXTURES.resolve("gpt2").resolve(name), copy.resolve(name));
    }
    Files.writeString(copy.resolve("generation_config.json"), "{\"do_sample\": false, \"repetition_penalty\": 3.0}");
    Object[] ask = {"generate", copy, "--prompt-ids", "5,3,9", "--max-new-tokens", 16, "--ignore-eos"};
    String said = run(ask).out();
    assertThat(said).isEqualTo(run(with(ask, "--greedy")).out());
    assertThat(run(with(ask, "--repetition-penalty", 1)).out()).isNotEqualTo(said)
        .isEqualTo(run(with(ask, "--greedy", "--repetition-penalty", 1)).out());
    assertThat(run(with(ask, "--temperature", 2)).out()).isNotEqualTo(said);
    Files.writeString(copy.resolve("generation_config.json"), "{\"do_sample\": true, \"temperature\": 2.0}");
    assertThat(run(ask).out()).isEqualTo(run(with(ask, "--temperature", 2)).out());
  }

  /** The folders, and what transformers makes of them, come with the checkout. */
  @TestFactory
  Stream<DynamicTest> goesOnAsTransformersDoes() throws Exception {
    assumeThat(FIXTURES).as("no folder of fixtures beside the checkout").isDirectory();
    try (Stream<Path> all = Files.list(FIXTURES)) {
      return all.toList().stream().map(each -> DynamicTest.dynamicTest(each.getFileName().toString(), () -> {
        Map<?, ?> expected = json(Files.readString(each.resolve("expected.json")));
        String prompt = expected.get("prompt").toString().replaceAll("[\\[\\] ]", "");
        Ended ended = run("generate", each, "--prompt-ids", prompt, "--max-new-tokens", 24, "--greedy", "--json",
            "--ignore-eos");
        assertThat(ended.code()).as(ended.err()).isZero();
        Map<?, ?> line = json(ended.out().strip());
        assertThat(line.get("ids")).isEqualTo(expected.get("greedy"));
        assertThat(line.get("text")).isNull();
        Ended words = run("generate", each, "--prompt-ids", prompt, "--max-new-tokens", 24, "--greedy", "--ignore-eos");
        assertThat(words.out().strip().split(" ")).containsExactly(expected.get("greedy").toString()
            .replaceAll("[\\[\\]]", "").split(", "));
        Ended text = run("generate", each, "--prompt", "text");
        assertThat(text.code()).isEqualTo(2);
        assertThat(text.err()).startsWith(each + "\n  found:    no tokenizer\n");
      }));
    }
  }
}
