package dev.ashlar.training;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Passes warnings on, the first of each kind. */
final class Warnings {

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

  /** The kinds given so far, for a checkpoint: a resumed run does not repeat them. */
  List<String> given() {
    return given.stream().sorted().toList();
  }

  void restore(List<String> kinds) {
    given.addAll(kinds);
  }
}
