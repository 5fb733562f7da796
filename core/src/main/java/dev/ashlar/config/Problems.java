package dev.ashlar.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects problems. What adds one returns null, which readers pass on as "no value". */
final class Problems {
  /** Whether a default is being read, which the user has not written. */
  private final boolean ofDefault;

  private final List<Problem> found = new ArrayList<>();

  Problems(boolean ofDefault) {
    this.ofDefault = ofDefault;
  }

  /** In the order of the file. */
  List<Problem> sorted() {
    return Problem.sorted(found);
  }

  @Nullable Object add(Place place, String found, String expected, String help) {
    var problem = ofDefault
        ? new Problem(place, found + ", the default", expected, "give the value; its default cannot be used")
        : new Problem(place, found, expected, help);
    // A number that stands for several components is wrong once.
    if (!this.found.contains(problem)) this.found.add(problem);
    return null;
  }

  void addAll(Problems others) {
    found.addAll(others.found);
  }

  @Nullable Object wrongType(Value value, Kind kind) {
    return add(value.place(), Words.found(value), kind.expected(), Advice.forWrongType(value, kind));
  }

  /** Whether no key stands twice; a problem for each that does. */
  boolean noDuplicates(Value.Mapping mapping) {
    var seen = new HashMap<String, Value.Entry>();
    boolean good = true;
    for (var entry : mapping.entries()) {
      var first = seen.putIfAbsent(entry.key(), entry);
      if (first == null) continue;
      good = false;
      var again = "'" + entry.key() + "' again" + firstAt(first);
      add(keyPlace(mapping, entry), again, "each name once in a map", "remove one of the two");
    }
    return good;
  }

  static String firstAt(Value.Entry first) {
    return first.location() == null ? "" : ", first at line " + first.location().line();
  }

  static Place keyPlace(Value.Mapping mapping, Value.Entry entry) {
    return mapping.place().key(entry.key()).located(entry.location());
  }
}
