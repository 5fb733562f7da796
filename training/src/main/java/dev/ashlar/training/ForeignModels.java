package dev.ashlar.training;

import dev.ashlar.config.FileException;
import dev.ashlar.config.Place;
import dev.ashlar.config.Value;
import dev.ashlar.io.huggingface.Families;
import dev.ashlar.io.huggingface.HuggingFaceExport;
import dev.ashlar.io.huggingface.HuggingFaceFolder;
import dev.ashlar.io.json.Json;
import dev.ashlar.io.model.Signature;
import dev.ashlar.io.text.TextEncoding;
import dev.ashlar.io.tokenizers.Tokenizer;
import dev.ashlar.model.ModelFamily;
import dev.ashlar.plugin.Registry;
import dev.ashlar.tensor.TensorType;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a model that came from a Hugging Face folder, or goes into one, has beside its weights. */
final class ForeignModels {

  /** Note of a model's description: what config.json said. */
  private static final String CONFIG = "huggingface.config";
  /** Note of a model's description: the plug-in that has its family, without which there is no way back. */
  private static final String PLUGIN = "huggingface.plugin";
  /** Note of a model's description: tokens that end a text, with commas between. */
  private static final String END_OF_TEXT = "huggingface.end_of_text";
  /** Notes of a model's description: small files of the folder, under their names. */
  private static final String FILE = "huggingface.file.";

  private ForeignModels() {}

  /**
   * What a model's description keeps of a folder.
   *
   * @throws FileException if one of its small files cannot be read
   */
  static Map<String, String> notes(HuggingFaceFolder folder, Registry plugins) throws FileException {
    Map<String, String> notes = new TreeMap<>(
        Map.of(CONFIG, folder.configText(), PLUGIN, plugins.owner(folder.family().getClass())));
    if (!folder.endOfText().isEmpty()) {
      notes.put(END_OF_TEXT,
          folder.endOfText().stream().sorted().map(Object::toString).collect(Collectors.joining(",")));
    }
    folder.beside().forEach((name, text) -> notes.put(FILE + name, text));
    return notes;
  }

  private static Map<String, String> beside(Map<String, String> notes) {
    Map<String, String> files = new TreeMap<>();
    notes.forEach((name, text) -> {
      if (name.startsWith(FILE) && name.substring(FILE.length()).matches("[A-Za-z0-9_]+\\.[a-z]+")) {
        files.put(name.substring(FILE.length()), text);
      }
    });
    return files;
  }

  /** Whether a model came from a folder, now or before it was saved. */
  static boolean isForeign(Map<String, String> notes) {
    return notes.containsKey(CONFIG);
  }

  /**
   * How such a model goes on with texts: prompts get the special tokens that its tokenizer puts around a text.
   *
   * @param folder that it is read from, if it is
   * @param saved what its file says of texts, if it says something
   * @throws FileException if the tokenizer cannot be read
   */
  static Generation generation(Map<String, String> notes, Optional<HuggingFaceFolder> folder,
      Optional<TextEncoding> saved) throws FileException {
    Optional<String> json = saved.flatMap(TextEncoding::tokenizer);
    Optional<Path> file = folder.flatMap(HuggingFaceFolder::tokenizer);
    Optional<Tokenizer> tokenizer = file.isPresent() ? Optional.of(Tokenizer.read(file.get()))
        : json.isPresent() ? Optional.of(Tokenizer.parse(json.get(), "the model's tokenizer")) : Optional.empty();
    Sampling sampling = GenerationConfig.sampling(notes.get(FILE + HuggingFaceFolder.GENERATION),
        folder.map(f -> f.path().resolve(HuggingFaceFolder.GENERATION).toString()).orElse(HuggingFaceFolder.GENERATION));
    return new Generation(sampling, endOfText(notes), tokenizer.map(ModelText::of));
  }

  /** Tokens that end a text; none where the notes do not say. */
  private static Set<Integer> endOfText(Map<String, String> notes) throws FileException {
    String ids = notes.getOrDefault(END_OF_TEXT, "");
    if (!ids.matches("([0-9]{1,9}(,[0-9]{1,9})*)?")) {
      throw FileException.at("note " + END_OF_TEXT, "'" + ids + "'", "numbers of tokens with commas between",
          "the file is damaged");
    }
    return ids.isEmpty() ? Set.of()
        : Arrays.stream(ids.split(",")).map(Integer::valueOf).collect(Collectors.toUnmodifiableSet());
  }

  /**
   * What makes a folder of a model.
   *
   * @param architecture as the binder wrote it
   * @param types of the parameters
   * @throws FileException if no family has this architecture
   */
  static HuggingFaceExport export(Value architecture, Map<String, String> notes,
      SequencedMap<String, TensorType> types, Signature signature, Registry plugins) throws FileException {
    Optional<String> tokenizer = signature.text().flatMap(TextEncoding::tokenizer);
    String brought = notes.get(PLUGIN);
    if (brought != null && !brought.isEmpty()
        && plugins.entries().stream().noneMatch(entry -> entry.name().equals(brought))) {
      throw FileException.at("the model", "of a family that plug-in '" + brought + "' brings", "that plug-in at hand",
          plugins.remedy(brought));
    }
    String known = notes.get(CONFIG);
    if (known != null && Json.read(known, "note " + CONFIG) instanceof Value.Mapping config) {
      return new HuggingFaceExport(
          HuggingFaceFolder.family(config, plugins), config, types, tokenizer, endOfText(notes), beside(notes));
    }
    Families.Match match = Families.nearest(architecture, plugins).orElseThrow(() -> FileException.at(
        "the model", "no family of models among the plug-ins", "a family that has its architecture", ""));
    if (match.difference().isPresent()) {
      Families.Difference difference = match.difference().get();
      throw FileException.at(difference.path(), difference.wanted(),
          difference.has() + ", as in '" + match.name() + "', the family that comes nearest",
          "a folder can hold what one of the families describes ('ashlar plugins list' names them);"
              + " examples/llama-small.yaml is such a model");
    }
    return new HuggingFaceExport(
        match.family(), config(match, types, plugins), types, tokenizer, endOfText(notes), Map.of());
  }

  private static Value.Mapping config(Families.Match match, SequencedMap<String, TensorType> types, Registry plugins) {
    Value.Mapping config = new Value.Mapping(List.of(), Place.ROOT)
        .with("model_type", new Value.Text(match.name(), Place.ROOT));
    for (Value.Entry setting : Families.written(match.family(), plugins).entries()) {
      config = config.with(setting.key(), setting.value());
    }
    return config;
  }
}
