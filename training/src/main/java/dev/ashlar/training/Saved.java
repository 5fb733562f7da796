package dev.ashlar.training;

import dev.ashlar.config.Binder;
import dev.ashlar.config.ConfigException;
import dev.ashlar.config.FileException;
import dev.ashlar.config.Place;
import dev.ashlar.config.Problem;
import dev.ashlar.config.Value;
import dev.ashlar.io.huggingface.HuggingFaceFolder;
import dev.ashlar.io.model.ModelDescription;
import dev.ashlar.io.model.ModelFile;
import dev.ashlar.io.model.PluginVersion;
import dev.ashlar.io.model.Signature;
import dev.ashlar.model.Precision;
import dev.ashlar.model.Trace;
import dev.ashlar.plugin.Registry;
import dev.ashlar.program.Backend;
import dev.ashlar.program.Computation;
import dev.ashlar.program.Variable;
import dev.ashlar.program.VariableStore;
import dev.ashlar.tensor.ShapeException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Models of files and folders. Architectures are trees there, in which every value is written and every name is
 * qualified.
 */
final class Saved {

  private static final String TRANSFORMS = "transforms";
  private static final String MODEL = "model";

  private Saved() {}

  static ModelDescription description(
      Architecture architecture, Signature signature, Precision precision, Registry plugins) {
    Value.Mapping tree = (Value.Mapping) new Binder(plugins, Path.of("")).write(architecture);
    Set<String> used = new LinkedHashSet<>();
    qualifiers(tree, used);
    return ModelDescription.of(part(tree, MODEL), signature)
        .withPrecision(precision)
        .withTransforms(part(tree, TRANSFORMS))
        .withPlugins(plugins.entries().stream()
            .filter(entry -> used.contains(entry.name()))
            .map(entry -> new PluginVersion(entry.name(), entry.version()))
            .toList());
  }

  private static Value part(Value.Mapping tree, String key) {
    return Objects.requireNonNull(tree.get(key)).placed(Place.ROOT);
  }

  /** Collects what stands before the colon in names. */
  private static void qualifiers(Value tree, Set<String> into) {
    switch (tree) {
      case Value.Text text -> qualifier(text.value(), into);
      case Value.Sequence list -> list.items().forEach(item -> qualifiers(item, into));
      case Value.Mapping map -> map.entries().forEach(entry -> {
        qualifier(entry.key(), into);
        qualifiers(entry.value(), into);
      });
      default -> { }
    }
  }

  private static void qualifier(String name, Set<String> into) {
    int colon = name.indexOf(':');
    if (colon > 0) {
      into.add(name.substring(0, colon));
    }
  }

  /**
   * Checks that the plug-ins of a model are there.
   *
   * @param file as messages call it
   * @throws FileException if one is missing
   */
  static void requirePlugins(ModelDescription description, Path file, Registry plugins) throws FileException {
    List<String> known = plugins.entries().stream().map(Registry.Entry::name).toList();
    for (PluginVersion needed : description.plugins()) {
      if (!known.contains(needed.name())) {
        throw FileException.at(file.toString(), "a model that needs plug-in '" + needed.name() + "' " + needed.version(),
            "one of the plug-ins at hand: " + String.join(", ", known), plugins.remedy(needed.name()));
      }
    }
  }

  /**
   * @param file as messages call it
   * @throws FileException if a plug-in is missing
   * @throws ConfigException if a part cannot be made
   */
  static Architecture architecture(ModelDescription description, Path file, Registry plugins) throws FileException {
    requirePlugins(description, file, plugins);
    Value tree = new Value.Mapping(
        List.of(new Value.Entry(TRANSFORMS, null, description.transforms()),
            new Value.Entry(MODEL, null, description.architecture())),
        Place.ROOT).placed(Place.ROOT);
    try {
      return new Binder(plugins, Path.of("")).bind(tree, Architecture.class).orThrow();
    } catch (ConfigException e) {
      throw explained(e, description, plugins);
    }
  }

  /** Mistakes with the plug-ins of which other versions are at hand than the file was made with. */
  private static ConfigException explained(ConfigException mistakes, ModelDescription description, Registry plugins) {
    List<String> others = new ArrayList<>();
    for (PluginVersion needed : description.plugins()) {
      plugins.entries().stream()
          .filter(entry -> entry.name().equals(needed.name()) && !entry.version().equals(needed.version()))
          .map(entry -> "made with " + needed.name() + " " + needed.version() + "; at hand is "
              + plugins.cited(entry.name()))
          .forEach(others::add);
    }
    return others.isEmpty() ? mistakes : new ConfigException(mistakes.problems().stream()
        .map(p -> new Problem(p.place(), p.found(), p.expected(),
            Stream.concat(p.help().lines(), others.stream()).collect(Collectors.joining("\n")))).toList());
  }

  /** See {@link Model#load(Path, Registry, Backend)}. */
  static Model load(Path file, Registry plugins, Backend backend, boolean ownsBackend) throws IOException {
    if (HuggingFaceFolder.is(file)) {
      return ForeignWeights.load(file, plugins, backend, ownsBackend);
    }
    return new Model(edition(file, plugins, backend), ownsBackend, Optional.of(plugins));
  }

  /** The model of a file that was read. */
  static Model load(ModelFile saved, Registry plugins, Backend backend, boolean ownsBackend) throws IOException {
    return new Model(edition(saved, plugins, backend, () -> {}), ownsBackend, Optional.of(plugins));
  }

  /** What a file holds, for as long as it is in use. */
  static Edition edition(Path file, Registry plugins, Backend backend) throws IOException {
    if (HuggingFaceFolder.is(file)) {
      throw FileException.at(file.toString(), "a Hugging Face folder", "a model's file",
          "import it first, or load it as a model of its own");
    }
    Arena arena = Arena.ofShared();
    try {
      return edition(ModelFile.hold(file, arena), plugins, backend, arena::close);
    } catch (IOException | RuntimeException | Error e) {
      arena.close();
      throw e;
    }
  }

  /** @param release frees what the file lies in */
  static Edition edition(ModelFile saved, Registry plugins, Backend backend, Runnable release) throws IOException {
    Path file = Path.of(saved.tensors().source());
    return whole(file, () -> edition(saved, file, plugins, backend, release));
  }

  private static Edition edition(
      ModelFile saved, Path file, Registry plugins, Backend backend, Runnable release) throws IOException {
    Signature signature = saved.description().signature();
    Architecture architecture = architecture(saved.description(), file, plugins);
    Precision precision = saved.description().precision();
    Computation predict = Programs.predict(architecture, precision, signature.inputTypes(), 1);
    VariableStore store = backend.newStore();
    try {
      saved.lendTo(store, predict.variables(), earlierNames(saved, architecture, predict.variables()));
    } catch (IOException | RuntimeException e) {
      store.close();
      throw e;
    }
    return new Edition(architecture, precision, Optional.empty(), saved.description().notes(), signature, store,
        backend, release);
  }

  /**
   * What a file calls the variables of a model, where a plug-in has given a kind of part another name since.
   *
   * @param variables of the architecture, as they are called now
   * @return by the present name; empty where the file has all of them by these
   */
  private static Map<String, String> earlierNames(
      ModelFile file, Architecture architecture, List<Variable> variables) {
    List<String> stored = file.tensors().names();
    if (variables.stream().filter(Variable::isOfModel).allMatch(variable -> stored.contains(variable.name()))) {
      return Map.of();
    }
    Trace trace = Trace.inference(file.description().precision()).withNamesOf(stored);
    List<Variable> earlier =
        Programs.predict(architecture, file.description().signature().inputTypes(), 1, trace).variables();
    Map<String, String> names = new HashMap<>();
    for (int i = 0; i < variables.size(); i++) {
      names.put(variables.get(i).name(), earlier.get(i).name());
    }
    return names;
  }

  /** Makes a model of what a file says. */
  interface Making<T> {
    T make() throws IOException;
  }

  /**
   * Whatever is said in a file may contradict itself: that is a mistake in the file.
   *
   * @param file as messages call it
   * @throws FileException if no model can be made of it
   */
  static <T> T whole(Path file, Making<T> making) throws IOException {
    return whole(file, Map.of(), making);
  }

  /**
   * The same where settings are called otherwise.
   *
   * @param keys what the file calls them, by what they are called here
   */
  static <T> T whole(Path file, Map<String, String> keys, Making<T> making) throws IOException {
    try {
      return making.make();
    } catch (ShapeException e) {
      throw new FileException(new Problem(new Place(file + ": the architecture", null),
          e.operation() + " with " + e.found(), e.expected(),
          inWordsOf(keys, e.help())), e);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new FileException(new Problem(new Place(file + ": the architecture", null),
          String.valueOf(e.getMessage()), "parts that fit together", "the file is damaged, or was made by hand"), e);
    }
  }

  private static String inWordsOf(Map<String, String> keys, String help) {
    String said = help;
    for (Map.Entry<String, String> key : keys.entrySet()) {
      said = said.replace("'" + key.getKey() + "'", "'" + key.getValue() + "'");
    }
    return said;
  }
}
