package dev.ashlar.testkit;

import static dev.ashlar.testkit.Promises.require;

import dev.ashlar.config.BindResult;
import dev.ashlar.config.Binder;
import dev.ashlar.config.ConfigException;
import dev.ashlar.config.Description;
import dev.ashlar.config.Implementation;
import dev.ashlar.config.NameResolver;
import dev.ashlar.config.Place;
import dev.ashlar.config.Value;
import dev.ashlar.model.ModelFamily;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** A family's settings, and config.json: what {@link ModelFamilyContract} promises of them. */
record FamilySettings(ModelFamilyExample example, NameResolver names) {

  private static final String TYPE = "model_type";

  /** Keys that older files have: families are given what has taken their place. */
  private static final Map<String, String> OLD = Map.of(
      "rope_theta", "'rope_theta' in 'rope_parameters'", "partial_rotary_factor",
      "'partial_rotary_factor' in 'rope_parameters'", "rope_scaling", "'rope_parameters'", "torch_dtype", "'dtype'");

  private Binder binder() {
    return new Binder(names, Path.of(""));
  }

  private ModelFamily family() {
    return example.family();
  }

  /** The family among the plug-ins. */
  private Implementation implementation() {
    return names.implementations(ModelFamily.class).orElse(List.of()).stream()
        .filter(known -> known.type() == family().getClass()).findFirst()
        .orElseThrow(() -> new AssertionError(family().getClass().getName()
            + " is no model family of the plug-ins: list it in components() of the plug-in, which META-INF/services"
            + " names, or override names()"));
  }

  /** The keys of config.json that the family looks at. */
  List<String> keys() {
    return binder().describe(implementation()).fields().stream().map(Description.Field::name).toList();
  }

  /** What the publisher's config.json says. */
  private Value.Mapping claimed() {
    try {
      if (Value.parse(example.config(), "config of the example") instanceof Value.Mapping map) {
        return map;
      }
    } catch (ConfigException e) {
      throw new AssertionError(e.getMessage(), e);
    }
    throw new AssertionError("the config of the example is no map: give what config.json says of this model");
  }

  void read() {
    Value.Mapping config = claimed();
    String name = implementation().name();
    require(config.get(TYPE) instanceof Value.Text type && type.value().equals(name), "the config of the example has "
        + (config.get(TYPE) == null ? "no '" + TYPE + "'" : TYPE + ": " + config.get(TYPE)) + ", and the family is '"
        + name + "': say by @Name what config.json has under '" + TYPE + "'");
    refuseOld(config);
    List<String> missing = keys().stream().filter(key -> !config.keys().contains(key)).toList();
    require(missing.isEmpty(), "the config of the example says nothing of " + quoted(missing)
        + ", which the family has: is this what the publisher calls it? Keys that a family does not know are passed"
        + " over in silence, so give all that it has, null for one that is absent");
    same(bound(config));
  }

  private void refuseOld(Value.Mapping config) {
    for (Description.Field field : binder().describe(implementation()).fields()) {
      require(!OLD.containsKey(field.name()), "the family has '" + field.name() + "', which is never given to it: "
          + OLD.get(field.name()) + " is, in old files too; have that instead");
      require(field.aliases().isEmpty(), "component '" + field.name() + "' has @Alias" + quoted(field.aliases())
          + ", but config.json is read by the names of components alone");
    }
    config.keys().stream().filter(OLD::containsKey).findFirst().ifPresent(key -> {
      throw new AssertionError("the config of the example has '" + key + "', as older files do: write it as the"
          + " publisher does today, as " + OLD.get(key));
    });
  }

  /** A family from what config.json says, as a folder is read. */
  ModelFamily bound(Value.Mapping config) {
    List<String> known = keys();
    Value.Mapping kept = new Value.Mapping(withoutNulls(config).entries().stream()
        .filter(entry -> known.contains(entry.key())).toList(), Place.ROOT);
    Value named = new Value.Mapping(List.of(new Value.Entry(implementation().name(), null, kept)), Place.ROOT);
    return switch (binder().bind(named.placed(Place.ROOT), ModelFamily.class)) {
      case BindResult.Refused<ModelFamily> refused ->
          throw new AssertionError("config.json as it is, " + kept + ", is refused: " + refused.problems());
      case BindResult.Bound<ModelFamily> made -> made.value();
    };
  }

  private void same(ModelFamily read) {
    if (read.equals(family())) {
      return;
    }
    Value.Mapping found = written(read);
    Value.Mapping expected = written(family());
    for (Value.Entry entry : expected.entries()) {
      Value there = found.get(entry.key());
      require(entry.value().equals(there), "from the config of the example '" + entry.key() + "' is read as " + there
          + ", and the example has " + entry.value() + ": correct one of them, or what the family does with it");
    }
    throw new AssertionError("from the config of the example the family is read as " + read + ", which is not equal");
  }

  /** All settings under their keys. */
  private Value.Mapping written(ModelFamily some) {
    Value.Mapping named = (Value.Mapping) binder().write(some, ModelFamily.class);
    return (Value.Mapping) named.entries().getFirst().value();
  }

  void write() {
    new ConfigurationCheck(names).check(family(), ModelFamily.class);
    ModelFamily again = bound(written(family()));
    require(again.equals(family()), "config.json leaves out what is absent, and then the family is read back as "
        + again + ": an Optional must have no @Default");
  }

  /** Mistakes of the architecture are told by these words: each must be a setting of it, and a key of config.json. */
  void words(Value architecture) {
    TreeSet<String> settings = new TreeSet<>();
    settings(architecture, settings);
    List<String> keys = keys();
    family().keys().forEach((setting, key) -> {
      require(settings.contains(setting), "keys() has '" + setting + "', and no setting of the architecture is called"
          + " so; there are " + String.join(", ", settings));
      require(keys.contains(key), "keys() says that '" + setting + "' is '" + key + "' in config.json, and the family"
          + " has no such component; it has " + String.join(", ", keys));
    });
  }

  private static void settings(Value value, TreeSet<String> names) {
    switch (value) {
      case Value.Mapping map -> map.entries().forEach(entry -> {
        names.add(entry.key());
        settings(entry.value(), names);
      });
      case Value.Sequence list -> list.items().forEach(item -> settings(item, names));
      default -> { }
    }
  }

  /** The family of the example with another value of one setting. */
  ModelFamily with(String key, Value value) {
    return bound(written(family()).with(key, value));
  }

  static String quoted(List<String> words) {
    return "'" + String.join("', '", words) + "'";
  }

  private static Value.Mapping withoutNulls(Value.Mapping map) {
    return new Value.Mapping(map.entries().stream()
        .filter(entry -> !(entry.value() instanceof Value.Null))
        .map(entry -> entry.value() instanceof Value.Mapping inner
            ? new Value.Entry(entry.key(), entry.location(), withoutNulls(inner)) : entry)
        .toList(), map.place());
  }
}
