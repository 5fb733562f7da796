package dev.ashlar.training;

import dev.ashlar.config.Value;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Passes warnings on, the first of each kind. */
final class Warnings {

  private static final String GIVEN = "warned";

  private final TrainingListener listener;
  private final Set<String> given = new HashSet<>();

  Warnings(TrainingListener listener) {
    this.listener = listener;
  }

  void warn(long step, String kind, String message) {
    if (given.add(kind)) {
      listener.warning(step, kind, message);
    }
  }

  /** Passes on one of which each counts. */
  void always(long step, String kind, String message) {
    listener.warning(step, kind, message);
  }

  boolean isGiven(String kind) {
    return given.contains(kind);
  }

  /** Adds what a checkpoint needs: a resumed run repeats no warning. */
  void remember(Map<String, Object> state) {
    state.put(GIVEN, given.stream().sorted().toList());
  }

  void restore(Value.Mapping state) {
    if (state.get(GIVEN) instanceof Value.Sequence kinds) {
      kinds.items().forEach(kind -> given.add(kind instanceof Value.Text text ? text.value() : kind.toString()));
    }
  }
}
