package dev.ashlar.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.ashlar.config.Binder;
import dev.ashlar.config.FileException;
import dev.ashlar.config.Value;
import dev.ashlar.io.huggingface.Families;
import dev.ashlar.io.json.Json;
import dev.ashlar.io.model.ModelFile;
import dev.ashlar.io.safetensors.SafeTensors;
import dev.ashlar.io.tokenizers.BpeTrainer;
import dev.ashlar.io.tokenizers.WordPattern;
import dev.ashlar.layers.LayersPlugin;
import dev.ashlar.model.Block;
import dev.ashlar.plugin.Registry;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Models of other people's folders compute what transformers does; huggingface_models.py wrote both. */
class HuggingFaceTest {

  /** Single precision on both sides. */
  private static final double TOLERANCE = 1e-4;

  static Stream<Path> folders() throws IOException, URISyntaxException {
    Path all = Path.of(Objects.requireNonNull(HuggingFaceTest.class.getResource("huggingface")).toURI());
    try (Stream<Path> folders = Files.list(all)) {
      return folders.sorted().toList().stream();
    }
  }

  private record Expected(int[] prompt, int[] greedy, double[][] logits) {

    static Expected of(Path folder) throws IOException {
      Value.Mapping all = (Value.Mapping) Json.read(folder.resolve("expected.json"));
      Value.Sequence rows = (Value.Sequence) Objects.requireNonNull(all.get("logits"));
      return new Expected(ints(all.get("prompt")), ints(all.get("greedy")),
          rows.items().stream().map(row -> numbers(row)).toArray(double[][]::new));
    }

    private static double[] numbers(Value list) {
      return ((Value.Sequence) list).items().stream()
          .mapToDouble(number -> ((Value.Num) number).value().doubleValue()).toArray();
    }

    private static int[] ints(Value list) {
      return Arrays.stream(numbers(Objects.requireNonNull(list))).mapToInt(number -> (int) number).toArray();
    }
  }

  @ParameterizedTest
  @MethodSource("folders")
  void logitsAreThoseOfTransformers(Path folder) throws IOException {
    Expected expected = Expected.of(folder);
    try (Model model = Model.load(folder)) {
      assertLogits(model, expected);
    }
  }

  private static void assertLogits(Model model, Expected expected) {
    NDArray logits = model.predict(NDArray.of(Shape.of(1, expected.prompt.length), expected.prompt));
    double largest = Arrays.stream(expected.logits).flatMapToDouble(Arrays::stream).map(Math::abs).max().orElseThrow();
    int width = expected.logits[0].length;
    assertThat(logits.shape()).isEqualTo(Shape.of(1, expected.prompt.length, width));
    for (int i = 0; i < expected.logits.length; i++) {
      for (int j = 0; j < width; j++) {
        assertThat(logits.get((long) i * width + j)).as("logit %d of token %d", j, i)
            .isCloseTo(expected.logits[i][j], within(TOLERANCE * largest));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("folders")
  void greedyDecodingWithACacheGoesOnAsTransformersDoes(Path folder) throws IOException {
    Expected expected = Expected.of(folder);
    try (Model model = Model.load(folder);
        Session session = model.session(expected.prompt.length + expected.greedy.length)) {
      int[] next = expected.prompt;
      for (int id : expected.greedy) {
        int best = best(session.next(next));
        assertThat(best).as("the token at %d", session.position()).isEqualTo(id);
        next = new int[] {best};
      }
    }
  }

  private static int best(float[] logits) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      best = logits[i] > logits[best] ? i : best;
    }
    return best;
  }

  @ParameterizedTest
  @MethodSource("folders")
  void anImportedModelIsTheSame(Path folder, @TempDir Path temporary) throws IOException {
    Path file = temporary.resolve("model.safetensors");
    try (Model model = Model.load(folder)) {
      model.save(file);
    }
    try (Model model = Model.load(file)) {
      assertLogits(model, Expected.of(folder));
    }
    assertThat(List.of(temporary.toFile().list())).containsExactly("model.safetensors");
  }

  /** Of which the family is looked for in the architecture alone; layers of two kinds are not found. */
  private static final List<String> FOUND = List.of("gpt2", "llama-biases", "llama-yarn", "qwen3");

  /** What a folder holds is written back, tensor by tensor; also by a family that has to be found first. */
  @ParameterizedTest
  @MethodSource("folders")
  void aFolderIsWrittenAsItWas(Path folder, @TempDir Path temporary) throws IOException {
    Path file = temporary.resolve("model.safetensors");
    Path notes = temporary.resolve("notes.safetensors");
    Registry plugins = Registry.discover();
    try (Model model = Model.load(folder)) {
      model.exportTo(temporary.resolve("direct"), plugins);
      model.save(file);
      model.exportTo(temporary.resolve("again"), plugins);
    }
    ModelFile saved = ModelFile.read(file);
    ModelFile.write(notes, saved.description().withNotes(Map.of()), saved.tensors().arrays());
    List<String> written = new ArrayList<>(List.of("direct", "imported"));
    try (Model model = Model.load(file)) {
      model.exportTo(temporary.resolve("imported"), plugins);
    }
    if (FOUND.contains(folder.getFileName().toString())) {
      try (Model trained = Model.load(notes)) {
        trained.exportTo(temporary.resolve("found"), plugins);
      }
      written.add("found");
    }
    Expected expected = Expected.of(folder);
    for (String name : written) {
      Path copy = temporary.resolve(name);
      SafeTensors tensors = SafeTensors.open(copy.resolve("model.safetensors"));
      SafeTensors before = SafeTensors.open(temporary.resolve("again/model.safetensors"));
      assertThat(tensors.names()).as(name).containsExactlyElementsOf(before.names());
      try (Model model = Model.load(copy)) {
        assertLogits(model, expected);
      }
    }
  }

  /** Where the folder goes, and into a file and out of it. */
  @Test
  void whatStandsBesideGoesAlong(@TempDir Path temporary) throws IOException, URISyntaxException {
    Path folder = Files.createDirectories(temporary.resolve("llama"));
    Path from = folders().filter(f -> f.endsWith("llama")).findFirst().orElseThrow();
    for (String name : List.of("config.json", "model.safetensors")) {
      Files.copy(from.resolve(name), folder.resolve(name));
    }
    Map<String, String> beside = Map.of(
        "generation_config.json", "{\"eos_token_id\": [3, 5], \"do_sample\": true, \"temperature\": 0.6,\n"
            + " \"top_k\": 40, \"top_p\": 0.9, \"min_p\": null, \"repetition_penalty\": 1.1}",
        "tokenizer_config.json", "{\"chat_template\": \"{{ messages }}\"}",
        "special_tokens_map.json", "{\"eos_token\": \"</s>\"}",
        "chat_template.jinja", "{% for m in messages %}\n{{ m }}{% endfor %}\n");
    for (Map.Entry<String, String> file : beside.entrySet()) {
      Files.writeString(folder.resolve(file.getKey()), file.getValue());
    }
    Registry plugins = Registry.discover();
    Sampling expected = new Sampling(0.6, 40, 0.9, 0, 1.1, 0, false);
    try (Model model = Model.load(folder)) {
      assertThat(Generator.of(model).sampling()).isEqualTo(expected);
      assertThat(Generator.of(model).endOfText()).containsExactlyInAnyOrder(3, 5);
      model.save(temporary.resolve("model.safetensors"));
      model.exportTo(temporary.resolve("direct"), plugins);
    }
    try (Model model = Model.load(temporary.resolve("model.safetensors"))) {
      assertThat(Generator.of(model).sampling()).isEqualTo(expected);
      model.exportTo(temporary.resolve("imported"), plugins);
    }
    for (String copy : List.of("direct", "imported")) {
      for (Map.Entry<String, String> file : beside.entrySet()) {
        assertThat(temporary.resolve(copy).resolve(file.getKey())).content().as(copy).isEqualTo(file.getValue());
      }
    }
    Files.writeString(folder.resolve("generation_config.json"), "{\"do_sample\": false, \"temperature\": 0.6}");
    try (Model model = Model.load(folder)) {
      assertThat(Generator.of(model).sampling().greedy()).isTrue();
    }
  }

  /** What a file says twice, or where it does not belong, counts as in transformers. */
  @Test
  void whatContradictsItselfIsReadAsTransformersReadsIt(@TempDir Path temporary) throws Exception {
    // An output of its own counts for more than a config.json that says it has the embedding's weights.
    assertLogits(temporary, "llama", "\"tie_word_embeddings\": false", "\"tie_word_embeddings\": true");
    // The length of training, beside the stretch and wrong within it.
    assertLogits(temporary, "llama-yarn", "\"original_max_position_embeddings\": 16,",
        "\"original_max_position_embeddings\": 32,", "\"tie_word_embeddings\"",
        "\"original_max_position_embeddings\": 16, \"tie_word_embeddings\"");
    // Of the old and the new spelling the old one.
    assertLogits(temporary, "llama-older", "\"rope_theta\": 10000.0",
        "\"rope_theta\": 10000.0, \"rope_parameters\": {\"rope_theta\": 77, \"rope_type\": \"default\"}");
    // Llama turns whole heads.
    assertLogits(temporary, "llama", "\"rope_type\"", "\"partial_rotary_factor\": 0.5, \"rope_type\"");
    // A stretch that grows with the sequence goes beyond what is said of training.
    Path folder = changed(temporary, "llama-dynamic", "\"rope_type\"",
        "\"original_max_position_embeddings\": 8, \"rope_type\"");
    try (Model model = Model.load(folder)) {
      assertThat(model.longestSequence()).hasValue(64);
      assertLogits(model, Expected.of(folder));
    }
  }

  private static void assertLogits(Path temporary, String name, String... changes) throws Exception {
    Path folder = changed(temporary, name, changes);
    try (Model model = Model.load(folder)) {
      assertLogits(model, Expected.of(folder));
    }
  }

  /** A copy of a folder, with texts in config.json replaced by others. */
  private static Path changed(Path temporary, String name, String... changes) throws Exception {
    Path from = folders().filter(f -> f.endsWith(name)).findFirst().orElseThrow();
    Path to = Files.createTempDirectory(temporary, name);
    for (String file : List.of("config.json", "model.safetensors", "expected.json")) {
      Files.copy(from.resolve(file), to.resolve(file));
    }
    String config = Files.readString(to.resolve("config.json"));
    for (int i = 0; i < changes.length; i += 2) {
      assertThat(config).contains(changes[i]);
      config = config.replace(changes[i], changes[i + 1]);
    }
    Files.writeString(to.resolve("config.json"), config);
    return to;
  }

  /** What came through a family goes back through it alone. */
  @Test
  void theFamilysPluginIsRemembered(@TempDir Path temporary) throws IOException, URISyntaxException {
    Path from = folders().filter(f -> f.endsWith("llama")).findFirst().orElseThrow();
    Path file = temporary.resolve("model.safetensors");
    try (Model model = Model.load(from)) {
      model.save(file);
    }
    try (Model model = Model.load(file)) {
      assertThatThrownBy(() -> model.exportTo(temporary.resolve("out"), Registry.of(new LayersPlugin())))
          .isInstanceOf(FileException.class)
          .hasMessageContainingAll("of a family that plug-in 'io' brings", "add it to those that Registry.of is given");
    }
  }

  @Test
  void aFolderIsReplacedWhereThatIsAskedFor(@TempDir Path temporary) throws IOException, URISyntaxException {
    Path from = folders().filter(f -> f.endsWith("llama")).findFirst().orElseThrow();
    Path to = temporary.resolve("llama");
    Registry plugins = Registry.discover();
    try (Model model = Model.load(from)) {
      model.exportTo(to, plugins);
      Files.writeString(to.resolve("merges.txt"), "of before");
      assertThatThrownBy(() -> model.exportTo(to, plugins)).isInstanceOf(FileException.class)
          .hasMessageContaining("--overwrite");
      assertThat(to.resolve("merges.txt")).exists();
      model.exportTo(to, plugins, true);
      assertThat(to.toFile().list()).contains("config.json", "model.safetensors").doesNotContain("merges.txt");
      assertThat(temporary.toFile().list()).containsExactly("llama");

      // A folder that is none of a model's is nobody's to remove.
      Path other = Files.createDirectories(temporary.resolve("other"));
      Files.writeString(other.resolve("letter.txt"), "keep me");
      assertThatThrownBy(() -> model.exportTo(other, plugins, true)).isInstanceOf(FileException.class);
      Files.createDirectories(to.resolve("more"));
      assertThatThrownBy(() -> model.exportTo(to, plugins, true)).isInstanceOf(FileException.class);
      Files.delete(to.resolve("more"));
      Files.writeString(to.resolve("letter.txt"), "keep me");
      assertThatThrownBy(() -> model.exportTo(to, plugins, true)).isInstanceOf(FileException.class)
          .hasMessageContaining("letter.txt");
      assertThat(to.resolve("config.json")).exists();
    }
    // In its own place, where its weights are mapped.
    Files.delete(to.resolve("letter.txt"));
    try (Model model = Model.load(to)) {
      model.exportTo(to, plugins, true);
    }
    try (Model model = Model.load(to)) {
      assertLogits(model, Expected.of(from));
    }
  }

  /** The first block that no family has, in the words of a configuration. */
  @Test
  void anArchitectureOfNoFamilyIsToldByItsFirstDifference(@TempDir Path temporary) throws IOException {
    Registry plugins = Registry.discover();
    Value tree = Value.parse("""
        [{embedding: {vocabulary: 9, width: 4}}, {position_embedding: 8},\
         {repeat: {times: 2, block: {transformer_block: {heads: 2}}}}, layer_norm, {dense: {units: 9, bias: false}}]\
        """, "tree");
    Binder binder = new Binder(plugins, temporary);
    Value written = binder.write(binder.bind(tree, Block.class).orThrow(), Block.class);
    Families.Difference first = Families.nearest(written, plugins).orElseThrow().difference().orElseThrow();
    assertThat(first.path()).isEqualTo("model[2].repeat.block");
    assertThat(first.wanted()).isEqualTo("'transformer_block'");
    assertThat(first.has()).isEqualTo("a list of 'residual', 'residual'");
  }

  /** Llama's prompts begin with a token of their own, which its tokenizer puts there; an imported model's too. */
  @Test
  void promptsGetTheirSpecialTokens(@TempDir Path temporary) throws IOException, URISyntaxException {
    Path folder = Files.createDirectories(temporary.resolve("llama"));
    Path from = folders().filter(f -> f.endsWith("llama")).findFirst().orElseThrow();
    for (String name : List.of("config.json", "model.safetensors")) {
      Files.copy(from.resolve(name), folder.resolve(name));
    }
    String json = new BpeTrainer(new BpeTrainer.Options(257, WordPattern.GPT2, List.of("<s>"), 1)).train().toJson();
    String template = """
        {"type": "TemplateProcessing",
         "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
         "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
         "special_tokens": {"<s>": {"id": "<s>", "ids": [0], "tokens": ["<s>"]}}}
        """;
    Value.Mapping tokenizer = (Value.Mapping) Json.read(json, "tokenizer");
    Files.writeString(folder.resolve("tokenizer.json"),
        Json.write(tokenizer.with("post_processor", Json.read(template, "template"))));
    try (Model model = Model.load(folder)) {
      assertThat(model.generation().text().orElseThrow().encode("a", "prompt")).hasSize(2).startsWith(0);
      assertThat(model.generation().endOfText()).containsExactly(2);
      model.save(temporary.resolve("model.safetensors"));
    }
    try (Model model = Model.load(temporary.resolve("model.safetensors"))) {
      assertThat(model.generation().text().orElseThrow().encode("a", "prompt")).hasSize(2).startsWith(0);
      assertThat(model.generation().endOfText()).containsExactly(2);
    }
  }
}
