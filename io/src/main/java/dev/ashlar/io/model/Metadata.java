package dev.ashlar.io.model;

import dev.ashlar.config.BindResult;
import dev.ashlar.config.Binder;
import dev.ashlar.config.FileException;
import dev.ashlar.config.NameResolver;
import dev.ashlar.config.Place;
import dev.ashlar.config.Problem;
import dev.ashlar.config.Value;
import dev.ashlar.io.files.FileProblems;
import dev.ashlar.io.json.Json;
import dev.ashlar.model.Precision;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;

/** A description as metadata of a safetensors file, whose values are text: each part is JSON of its own. */
final class Metadata {
  static final String ALIASES = ModelFile.PREFIX + "aliases";

  /** Counts up when a reader of the version before could misread a file; this reader reads all before it. */
  private static final int VERSION = 1;

  private static final String FORMAT = ModelFile.PREFIX + "format";
  private static final String ARCHITECTURE = ModelFile.PREFIX + "architecture";
  private static final String TRANSFORMS = ModelFile.PREFIX + "transforms";
  private static final String SIGNATURE = ModelFile.PREFIX + "signature";
  private static final String PRECISION = ModelFile.PREFIX + "precision";
  private static final String PLUGINS = ModelFile.PREFIX + "plugins";

  private Metadata() {}

  static SequencedMap<String, String> write(ModelDescription description) {
    var binder = binder();
    SequencedMap<String, String> metadata = new LinkedHashMap<>();
    metadata.put(FORMAT, Integer.toString(VERSION));
    metadata.put(ARCHITECTURE, Json.write(description.architecture()));
    metadata.put(TRANSFORMS, Json.write(description.transforms()));
    metadata.put(SIGNATURE, Json.write(binder.write(description.signature())));
    metadata.put(PRECISION, Json.write(binder.write(description.precision())));
    var plugins = description.plugins().stream().map(binder::write).toList();
    metadata.put(PLUGINS, Json.write(new Value.Sequence(plugins, Place.ROOT)));
    metadata.put(ALIASES, Json.write(Value.of(description.aliases())));
    metadata.putAll(description.notes());
    return metadata;
  }

  static ModelDescription read(Map<String, String> metadata, String source) throws FileException {
    checkVersion(metadata, source);
    var notes = new TreeMap<String, String>();
    metadata.forEach((name, text) -> {
      if (!name.startsWith(ModelFile.PREFIX)) notes.put(name, text);
    });
    return new ModelDescription(part(metadata, ARCHITECTURE, source), part(metadata, TRANSFORMS, source),
        bind(part(metadata, SIGNATURE, source), Signature.class, SIGNATURE, source), precision(metadata, source),
        plugins(part(metadata, PLUGINS, source), source), aliases(part(metadata, ALIASES, source), source),
        notes);
  }

  /** Files from before precision was written are in single precision. */
  private static Precision precision(Map<String, String> metadata, String source) throws FileException {
    return metadata.containsKey(PRECISION)
        ? bind(part(metadata, PRECISION, source), Precision.class, PRECISION, source) : Precision.F32;
  }

  private static List<PluginVersion> plugins(Value tree, String source) throws FileException {
    if (!(tree instanceof Value.Sequence list)) {
      throw FileException.at(source + ": " + PLUGINS, FileProblems.shown(tree.toString()), "a list",
          "the file is damaged");
    }
    var plugins = new ArrayList<PluginVersion>();
    for (var item : list.items()) plugins.add(bind(item, PluginVersion.class, PLUGINS, source));
    return plugins;
  }

  private static SortedMap<String, String> aliases(Value tree, String source) throws FileException {
    var aliases = new TreeMap<String, String>();
    boolean good = tree instanceof Value.Mapping;
    if (tree instanceof Value.Mapping map) {
      for (var entry : map.entries()) {
        good &= entry.value() instanceof Value.Text;
        if (entry.value() instanceof Value.Text text) aliases.put(entry.key(), text.value());
      }
    }
    if (good) return aliases;
    throw FileException.at(source + ": " + ALIASES, FileProblems.shown(tree.toString()),
        "a map from text to text", "the file is damaged");
  }

  private static void checkVersion(Map<String, String> metadata, String source) throws FileException {
    var version = metadata.get(FORMAT);
    var place = source + ": " + FORMAT;
    if (version == null) {
      throw FileException.at(place, "nothing", "a model of Ashlar",
          "the file has weights but no architecture: it was written by another program");
    }
    if (!version.matches("[1-9][0-9]{0,8}")) {
      throw FileException.at(place, FileProblems.shown(version), "a version: " + VERSION + " or less",
          "the file is damaged");
    }
    if (Integer.parseInt(version) > VERSION) {
      throw FileException.at(place, "version " + version, "version " + VERSION + " or less",
          "a newer Ashlar wrote the file: update this one");
    }
  }

  private static Value part(Map<String, String> metadata, String name, String source) throws FileException {
    var text = metadata.get(name);
    if (text == null) throw FileException.at(source + ": " + name, "nothing", "JSON", "the file is damaged");
    return Json.read(text, source + ": " + name);
  }

  private static <T> T bind(Value tree, Class<T> type, String name, String source) throws FileException {
    return switch (binder().bind(tree, type)) {
      case BindResult.Bound<T>(var value) -> value;
      case BindResult.Refused<T>(var problems) -> {
        var first = problems.getFirst();
        var path = first.place().path();
        var place = new Place(source + ": " + name + (path.isEmpty() ? "" : ": " + path), null);
        throw new FileException(new Problem(place, first.found(), first.expected(), first.help()));
      }
    };
  }

  private static Binder binder() {
    return new Binder(NameResolver.NONE, Path.of(""));
  }
}
