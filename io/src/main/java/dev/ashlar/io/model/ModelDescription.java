package dev.ashlar.io.model;

import dev.ashlar.config.Place;
import dev.ashlar.config.Value;
import dev.ashlar.model.Precision;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All of a model but its weights.
 *
 * @param architecture as the binder wrote it, every value with it
 * @param transforms that prepare inputs, as the binder wrote them; a list
 * @param signature what goes in and comes out
 * @param precision element types that it was trained with
 * @param plugins that it needs
 * @param aliases second names of parameters that are stored once: from the name to where it is stored
 * @param notes free text by name; names that begin with {@code ashlar.} are kept for Ashlar
 */
public record ModelDescription(
    Value architecture,
    Value transforms,
    Signature signature,
    Precision precision,
    List<PluginVersion> plugins,
    SortedMap<String, String> aliases,
    SortedMap<String, String> notes) {

  /** Copies lists and maps. */
  public ModelDescription {
    plugins = List.copyOf(plugins);
    aliases = Collections.unmodifiableSortedMap(new TreeMap<>(aliases));
    notes = Collections.unmodifiableSortedMap(new TreeMap<>(notes));
    for (var name : notes.keySet()) {
      if (name.startsWith(ModelFile.PREFIX)) {
        throw new IllegalArgumentException("a note called '" + name + "'; names with " + ModelFile.PREFIX
            + " are kept");
      }
    }
  }

  /** In single precision, without transforms, plug-ins, aliases and notes. */
  public static ModelDescription of(Value architecture, Signature signature) {
    return new ModelDescription(architecture, new Value.Sequence(List.of(), Place.ROOT), signature, Precision.F32,
        List.of(), new TreeMap<>(), new TreeMap<>());
  }

  /** The same in other element types. */
  public ModelDescription withPrecision(Precision other) {
    return new ModelDescription(architecture, transforms, signature, other, plugins, aliases, notes);
  }

  /** The same with transforms. */
  public ModelDescription withTransforms(Value other) {
    return new ModelDescription(architecture, other, signature, precision, plugins, aliases, notes);
  }

  /** The same with plug-ins. */
  public ModelDescription withPlugins(List<PluginVersion> other) {
    return new ModelDescription(architecture, transforms, signature, precision, other, aliases, notes);
  }

  /** The same with aliases, as {@link dev.ashlar.model.Trace#aliases} gives them. */
  public ModelDescription withAliases(Map<String, String> other) {
    return new ModelDescription(
        architecture, transforms, signature, precision, plugins, new TreeMap<>(other), notes);
  }

  /** The same with notes. */
  public ModelDescription withNotes(Map<String, String> other) {
    return new ModelDescription(
        architecture, transforms, signature, precision, plugins, aliases, new TreeMap<>(other));
  }
}
