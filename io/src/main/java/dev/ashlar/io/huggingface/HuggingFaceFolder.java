package dev.ashlar.io.huggingface;

import dev.ashlar.config.Binder;
import dev.ashlar.config.FileException;
import dev.ashlar.config.NameResolver;
import dev.ashlar.config.Place;
import dev.ashlar.config.Value;
import dev.ashlar.config.Wildcards;
import dev.ashlar.io.files.FileProblems;
import dev.ashlar.io.json.Json;
import dev.ashlar.model.ModelFamily;
import dev.ashlar.model.Placement;
import dev.ashlar.model.Stored;
import dev.ashlar.program.Variable;
import dev.ashlar.tensor.NDArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A model as a Hugging Face folder holds it. The weights are mapped and used where they lie.
 *
 * @param path of the folder
 * @param config what config.json says, in today's spelling
 * @param family that the model belongs to
 * @param endOfText tokens that end a text
 */
public record HuggingFaceFolder(Path path, Value.Mapping config, ModelFamily family, Set<Integer> endOfText) {

  static final String CONFIG = "config.json";
  /** How texts are generated unless said otherwise. */
  public static final String GENERATION = "generation_config.json";
  private static final String TOKENIZER = "tokenizer.json";
  /** What a folder has beside, small and of use to whoever generates with the model. */
  private static final List<String> BESIDE = List.of(GENERATION, "tokenizer_config.json", "special_tokens_map.json",
      "added_tokens.json", "chat_template.jinja", "chat_template.json");
  /** Larger ones are something else. */
  private static final long LARGEST_BESIDE = 4 << 20;
  static final String TYPE = "model_type";
  private static final String TIED = "tie_word_embeddings";
  private static final String OUTPUT = "lm_head.weight";
  private static final Pattern OF_MODEL = Pattern.compile("(pytorch_)?model(-\\d+-of-\\d+)?\\.safetensors(\\.index\\.json)?"
      + "|vocab\\.(json|txt)|merges\\.txt|tokenizer\\.model");

  /** Whether a file of this name is part of such a model, and of nothing else. */
  static boolean isOfModel(String name) {
    return name.equals(CONFIG) || name.equals(TOKENIZER) || BESIDE.contains(name) || OF_MODEL.matcher(name).matches();
  }

  /** Whether a folder is one. */
  public static boolean is(Path folder) {
    return Files.isRegularFile(folder.resolve(CONFIG));
  }

  /**
   * Reads all but the weights.
   *
   * @param names knows the families
   * @throws FileException if a file cannot be read, or says something that the family lacks
   * @throws dev.ashlar.config.ConfigException if a value is wrong, or the family is not known
   */
  public static HuggingFaceFolder read(Path folder, NameResolver names) throws FileException {
    Path file = folder.resolve(CONFIG);
    Value.Mapping config = Spelling.current(mapping(file));
    if (!(config.get(TYPE) instanceof Value.Text)) {
      throw FileException.at(file.toString(), "no '" + TYPE + "'", "the name of a family of models under '" + TYPE + "'",
          "the folder holds no model of transformers");
    }
    refuseQuantized(config, file);
    ModelFamily family = family(config, names);
    if (hasOutputOfItsOwn(folder, family)) {
      config = config.without(TIED).with(TIED, Value.of(false));
      family = family(config, names);
    }
    return new HuggingFaceFolder(folder, config, family, endOfText(folder, config));
  }

  /** Whether a model that is said to have its embedding's weights at the output comes with others, which then count. */
  private static boolean hasOutputOfItsOwn(Path folder, ModelFamily family) throws FileException {
    if (!family.unused().contains(OUTPUT)) {
      return false;
    }
    Shards shards = Shards.open(folder);
    Optional<String> output = shards.find(OUTPUT);
    Optional<String> embedding = family.placements().stream().filter(p -> p.parameter().equals("embedding.weight"))
        .findFirst().flatMap(p -> shards.find(p.tensor()));
    if (output.isEmpty() || embedding.isEmpty()) {
      return false;
    }
    NDArray one = shards.get(output.get());
    NDArray other = shards.get(embedding.get());
    return !one.type().equals(other.type()) || one.data().mismatch(other.data()) >= 0;
  }

  /**
   * The family that settings belong to, with them.
   *
   * @param config in today's spelling, with a model_type
   * @throws dev.ashlar.config.ConfigException if a value is wrong, or the family is not known
   */
  public static ModelFamily family(Value.Mapping config, NameResolver names) {
    return new Binder(names, Path.of("")).bind(Spelling.known(config, names), ModelFamily.class).orThrow();
  }

  private static Value.Mapping mapping(Path file) throws FileException {
    if (Json.read(file) instanceof Value.Mapping mapping) {
      return mapping;
    }
    throw FileException.at(file.toString(), "no map", "a map of settings", "");
  }

  private static void refuseQuantized(Value.Mapping config, Path file) throws FileException {
    Value quantized = config.get("quantization_config");
    if (quantized != null) {
      throw FileException.at(file + ": quantization_config", quantized.toString(),
          "weights in F32, F16 or BF16", "fetch the model in one of these; quantized weights are not read");
    }
  }

  private static Set<Integer> endOfText(Path folder, Value.Mapping config) throws FileException {
    Path file = folder.resolve(GENERATION);
    Value said = Files.exists(file) ? mapping(file).get("eos_token_id") : null;
    Value ids = said != null && !(said instanceof Value.Null) ? said : config.get("eos_token_id");
    List<Value> all = ids instanceof Value.Sequence list ? list.items() : ids == null ? List.of() : List.of(ids);
    return all.stream().filter(id -> id instanceof Value.Num number && number.isLong())
        .map(id -> ((Value.Num) id).value().intValue()).collect(Collectors.toUnmodifiableSet());
  }

  /**
   * The small files that it has beside config.json, weights and tokenizer, such as generation_config.json and a chat
   * template: texts by their names.
   *
   * @throws FileException if one cannot be read
   */
  public Map<String, String> beside() throws FileException {
    Map<String, String> texts = new TreeMap<>();
    for (String name : BESIDE) {
      Path file = path.resolve(name);
      try {
        if (Files.isRegularFile(file) && Files.size(file) <= LARGEST_BESIDE) {
          texts.put(name, Files.readString(file));
        }
      } catch (IOException e) {
        throw FileProblems.reading(file, e);
      }
    }
    return texts;
  }

  /** Where its tokenizer is, if it has one. */
  public Optional<Path> tokenizer() {
    return Optional.of(path.resolve(TOKENIZER)).filter(Files::exists);
  }

  /**
   * The weights.
   *
   * @param arrays by the name of their tensor: views of the files
   * @param stored where each parameter lies in them
   */
  public record Weights(Map<String, NDArray> arrays, Map<String, Stored> stored) {}

  /**
   * Maps the weights and compares them with the architecture.
   *
   * @param variables of the model that the family describes
   * @throws FileException if a tensor is missing, or more, or of another shape
   */
  public Weights weights(Collection<Variable> variables) throws FileException {
    Shards shards = Shards.open(path);
    Map<String, Placement> placements = new LinkedHashMap<>();
    family.placements().forEach(placement -> placements.put(placement.parameter(), placement));
    Map<String, NDArray> arrays = new LinkedHashMap<>();
    Map<String, Stored> stored = new LinkedHashMap<>();
    for (Variable variable : variables.stream().filter(Variable::isOfModel).toList()) {
      Placement placement = placements.get(variable.name());
      if (placement == null) {
        throw new IllegalStateException("family " + family + " does not place '" + variable.name() + "'");
      }
      String name = shards.find(placement.tensor())
          .orElseThrow(() -> shards.missing(placement.tensor(), variable.name()));
      NDArray array = shards.get(name);
      arrays.put(name, array);
      stored.put(variable.name(), checked(placement.inTensor(name), array, variable, shards));
      refuseRemainder(placement, array, placements.values(), shards);
    }
    refuseMore(shards, arrays.keySet());
    return new Weights(arrays, stored);
  }

  private static Stored checked(Placement placement, NDArray array, Variable variable, Shards shards)
      throws FileException {
    String place = shards.source() + ": tensor " + FileProblems.shown(placement.tensor());
    if (!array.dtype().isFloating()) {
      throw FileException.at(place, array.type().toString(), "elements of f32, f16 or bf16", "");
    }
    Stored stored = new Stored(placement, array.type());
    if (!stored.fits(variable.type().shape())) {
      throw FileException.at(place, array.type().toString(),
          stored.expected(variable.type().shape()) + " for '" + variable.name() + "', as config.json has it",
          "config.json and the weights belong to different models");
    }
    return stored;
  }

  /** Parts of a tensor must be all of it. */
  private static void refuseRemainder(
      Placement placement, NDArray array, Collection<Placement> placements, Shards shards) throws FileException {
    if (placement.part().isEmpty()) {
      return;
    }
    int axis = placement.part().get().axis();
    int end = placements.stream().filter(other -> other.tensor().equals(placement.tensor()))
        .mapToInt(other -> other.part().orElseThrow().to()).max().orElseThrow();
    if (array.shape().dim(axis) != end) {
      throw FileException.at(shards.source() + ": tensor " + FileProblems.shown(placement.tensor()),
          array.type().toString(), array.type().withShape(array.shape().with(axis, end)) + ", as config.json has it",
          "config.json and the weights belong to different models");
    }
  }

  private void refuseMore(Shards shards, Set<String> used) throws FileException {
    List<String> more = new ArrayList<>();
    Set<String> names = new HashSet<>(shards.files().keySet());
    names.removeAll(used);
    names.stream().sorted()
        .filter(name -> family.unused().stream().noneMatch(p -> Wildcards.pattern(p).matcher("." + name).matches()
            || Wildcards.pattern(p).matcher(name).matches()))
        .forEach(more::add);
    if (!more.isEmpty()) {
      throw FileException.at(shards.source() + ": tensor " + FileProblems.shown(more.getFirst()),
          more.size() == 1 ? "a tensor that the family has no use for"
              : "one of " + more.size() + " tensors that the family has no use for",
          "the tensors of the architecture that config.json describes",
          "the model has parts that this family lacks, or config.json is another model's");
    }
  }

  /** What config.json said, in one line, so that an export can say it again. */
  public String configText() {
    return Json.write(config.placed(Place.ROOT));
  }
}
