package dev.ashlar.training;

import dev.ashlar.config.Binder;
import dev.ashlar.config.Place;
import dev.ashlar.config.Problem;
import dev.ashlar.config.Value;
import dev.ashlar.io.model.Signature;
import dev.ashlar.plugin.Registry;
import dev.ashlar.program.Backend;
import dev.ashlar.program.Variable;
import dev.ashlar.program.VariableStore;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Other weights for a model that serves. */
final class Replacing {

  private static final String NOTHING = "nothing";

  private Replacing() {}

  /** The same with copies of its weights, on a backend. */
  static Edition copy(Edition theirs, Backend backend) {
    VariableStore store = backend.newStore();
    try {
      List<String> names = theirs.foreign().isPresent() ? List.copyOf(theirs.store().types().keySet())
          : Programs.predict(theirs.architecture(), theirs.signature().inputTypes(), 1, theirs.inference()).variables()
              .stream().filter(Variable::isOfModel).map(Variable::name).toList();
      names.forEach(name -> store.write(name, theirs.store().read(name)));
      return new Edition(theirs.architecture(), theirs.precision(), theirs.foreign(), theirs.notes(),
          theirs.signature(), store, backend, () -> {});
    } catch (RuntimeException | Error e) {
      store.close();
      throw e;
    }
  }

  /**
   * The first thing in which a model differs from the one that serves, beside weights and what is learnt beside them.
   *
   * @param place what messages call the other one
   */
  static Optional<Problem> difference(Edition serves, Edition other, String place, Registry plugins) {
    Map<String, String> expected = told(serves, plugins);
    Map<String, String> found = told(other, plugins);
    return java.util.stream.Stream.concat(expected.keySet().stream(), found.keySet().stream())
        .filter(key -> !Objects.equals(expected.get(key), found.get(key))).findFirst()
        .map(key -> new Problem(new Place(place + ": " + key, null), found.getOrDefault(key, NOTHING),
            expected.getOrDefault(key, NOTHING) + ", as the model that serves has it",
            "weights are replaced by those of the same architecture; load this one as a model of its own"));
  }

  private static Map<String, String> told(Edition edition, Registry plugins) {
    Map<String, String> told = new LinkedHashMap<>();
    Signature signature = edition.signature();
    signature.inputTypes().forEach((name, type) -> told.put("input '" + name + "'", type.toString()));
    signature.outputTypes().forEach((name, type) -> told.put("output '" + name + "'", type.toString()));
    told.put("classes", signature.classes().toString());
    told.put("features", signature.features().toString());
    told.put("targets", signature.targets().toString());
    told.put("scores become probabilities by", signature.link().toString());
    told.put("text", signature.text().isPresent() ? "numbers for text" : "none");
    edition.architecture().transforms()
        .forEach(transform -> told.put("transform " + told.size(), transform.getClass().getSimpleName()));
    Binder binder = new Binder(plugins, Path.of(""));
    try {
      Value whole = binder.write(edition.architecture());
      leaves(Objects.requireNonNull(((Value.Mapping) whole).get("model")).placed(Place.ROOT.key("model")), told);
    } catch (IllegalArgumentException e) { // of no plug-in, and so without a name
      told.put("model", edition.architecture().model().toString());
    }
    return told;
  }

  private static void leaves(Value value, Map<String, String> into) {
    switch (value) {
      case Value.Mapping map when !map.entries().isEmpty() -> map.entries().forEach(e -> leaves(e.value(), into));
      case Value.Sequence list when !list.items().isEmpty() -> list.items().forEach(item -> leaves(item, into));
      default -> into.put(value.place().path(), value.toString());
    }
  }
}
