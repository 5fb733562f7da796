package dev.ashlar.runtime;

import dev.ashlar.config.Place;
import dev.ashlar.config.Value;
import dev.ashlar.plugin.Registry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What a run is made from. Each checkpoint says it, so that whoever goes on hears what has changed.
 *
 * @param ashlar version
 * @param backend what computes, by its short name
 * @param plugins version by name
 * @param configuration with every value written
 * @param data hash by file
 */
record Origin(String ashlar, String backend, Map<String, String> plugins, Value.Mapping configuration,
    Map<String, String> data) {

  private static final int HASH_SHOWN = 12;
  private static final Pattern QUALIFIED = Pattern.compile("[a-z][a-z0-9_-]*:([a-z][a-z0-9_]*)@[0-9]+");

  static Origin of(Value.Mapping configuration, String backend, Registry registry, List<DataFile> files) {
    Map<String, String> plugins = new TreeMap<>();
    registry.entries().forEach(entry -> plugins.put(entry.name(), entry.version()));
    Map<String, String> data = new LinkedHashMap<>();
    files.forEach(file -> data.put(file.path(), file.sha256()));
    return new Origin(version(), backend, plugins, configuration, data);
  }

  /** Of the code that runs. */
  static String version() {
    return Objects.requireNonNullElse(Origin.class.getPackage().getImplementationVersion(), "(unpackaged)");
  }

  Value.Mapping written() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("ashlar", ashlar);
    fields.put("backend", backend);
    fields.put("plugins", plugins);
    fields.put("configuration", configuration);
    fields.put("data", data);
    return (Value.Mapping) Value.of(fields);
  }

  /** What a checkpoint says; of one that another program wrote, what there is of it. */
  static Origin of(Value.Mapping written) {
    return new Origin(text(written.get("ashlar")), text(written.get("backend")), texts(written.get("plugins")),
        written.get("configuration") instanceof Value.Mapping map ? (Value.Mapping) map.placed(Place.ROOT)
            : new Value.Mapping(List.of(), Place.ROOT),
        texts(written.get("data")));
  }

  private static String text(Object value) {
    return value instanceof Value.Text text ? text.value() : "";
  }

  private static Map<String, String> texts(Object value) {
    Map<String, String> texts = new LinkedHashMap<>();
    if (value instanceof Value.Mapping map) {
      map.entries().forEach(entry -> texts.put(entry.key(), text(entry.value())));
    }
    return texts;
  }

  /** What has changed since, a line each, what decides most first; nothing that this origin does not know. */
  List<String> changes(Origin now) {
    List<String> changes = new ArrayList<>();
    if (!configuration.entries().isEmpty()) {
      Leaves.changes(configuration, now.configuration.placed(Place.ROOT)).stream()
          .filter(change -> !isAside(change.path())).forEach(change -> changes.add(
          "configuration: " + plain(change.path()) + " is " + shown(change.after()) + ", and was "
              + shown(change.before())));
    }
    changes.addAll(changesOfData(now));
    changed("Ashlar's version", ashlar, now.ashlar).ifPresent(changes::add);
    changed("the backend", backend, now.backend).ifPresent(changes::add);
    Set<String> names = new LinkedHashSet<>(plugins.keySet());
    names.addAll(now.plugins.keySet());
    names.forEach(name -> changed("plug-in '" + name + "'", plugins.getOrDefault(name, "none"),
        now.plugins.getOrDefault(name, "none")).ifPresent(changes::add));
    return changes;
  }

  /** What is of no consequence to the weights: when and how their state is written. */
  private static boolean isAside(String path) {
    return plain(path).startsWith("train.checkpoint");
  }

  private static Optional<String> changed(String what, String before, String after) {
    return before.isEmpty() || before.equals(after) ? Optional.empty()
        : Optional.of(what + " is " + after + ", and was " + before);
  }

  private static String shown(Optional<String> value) {
    return plain(value.orElse("(none)"));
  }

  /** Names as people write them, without plug-in and version. */
  static String plain(String text) {
    return QUALIFIED.matcher(text).replaceAll("$1");
  }

  /** The same bytes under another name are the same data; so is a file of the same name in the place of one that is gone. */
  private List<String> changesOfData(Origin now) {
    List<String> changes = new ArrayList<>();
    Map<String, String> gone = new LinkedHashMap<>(data);
    gone.entrySet().removeIf(entry -> now.data.containsKey(entry.getKey()) || now.data.containsValue(entry.getValue()));
    now.data.forEach((path, hash) -> {
      Optional<String> known = data.containsKey(path) ? Optional.of(path)
          : gone.keySet().stream().filter(old -> name(old).equals(name(path))).findFirst();
      String before = known.map(data::get).orElse(null);
      known.ifPresent(gone::remove);
      if (before != null && !before.equals(hash)) {
        changes.add("data: " + path + " has changed: SHA-256 " + cut(hash) + ".., and was " + cut(before) + "..");
      } else if (before == null && !data.containsValue(hash)) {
        changes.add("data: " + path + " is new");
      }
    });
    gone.keySet().forEach(path -> changes.add("data: " + path + " is no longer read, or not there"));
    return changes;
  }

  /** Whether the data are others since. */
  boolean hasOtherData(Origin now) {
    return !changesOfData(now).isEmpty();
  }

  private static String name(String path) {
    return path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  }

  private static String cut(String hash) {
    return hash.substring(0, Math.min(HASH_SHOWN, hash.length()));
  }
}
