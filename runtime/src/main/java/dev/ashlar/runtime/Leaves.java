package dev.ashlar.runtime;

import dev.ashlar.config.Value;
import dev.ashlar.runtime.ModelDiff.Change;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedSet;

/** What stands at the ends of a tree, by path, so that two trees can be compared. */
final class Leaves {

  private Leaves() {}

  /** Adds what a tree holds. */
  static void of(Value value, Map<String, String> into) {
    switch (value) {
      case Value.Mapping map when !map.entries().isEmpty() -> map.entries().forEach(e -> of(e.value(), into));
      // Names and numbers read best side by side.
      case Value.Sequence list when list.items().stream().anyMatch(item -> item instanceof Value.Mapping
          || item instanceof Value.Sequence) -> list.items().forEach(item -> of(item, into));
      default -> into.put(value.place().path(), value.toString());
    }
  }

  /** How two trees differ. */
  static List<Change> changes(Value first, Value second) {
    Map<String, String> before = new LinkedHashMap<>();
    Map<String, String> after = new LinkedHashMap<>();
    of(first, before);
    of(second, after);
    return changes(before, after);
  }

  static List<Change> changes(Map<String, String> before, Map<String, String> after) {
    SequencedSet<String> paths = new LinkedHashSet<>(before.keySet());
    paths.addAll(after.keySet());
    return paths.stream()
        .filter(path -> !Objects.equals(before.get(path), after.get(path)))
        .map(path -> new Change(path, Optional.ofNullable(before.get(path)), Optional.ofNullable(after.get(path))))
        .toList();
  }
}
