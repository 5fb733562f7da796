package dev.ashlar.config;

import java.util.List;
import java.util.Optional;

/** One component of a record as the binder sees it. */
record Component(String name, List<String> aliases, Kind kind, Optional<String> defaultText, String doc) {
  boolean isRequired() {
    return defaultText.isEmpty() && !(kind instanceof Kind.Maybe);
  }

  boolean isCalled(String other) {
    return name.equals(other) || aliases.contains(other);
  }

  /** The default as a tree that stands in the given place. */
  Value defaultAt(Place place) {
    var value = Value.parse(defaultText.orElse("null"), "the default of '" + name + "'");
    return value.withoutLocations().placed(place);
  }

  /** What is expected, with what it is for. */
  String expected() {
    return kind.expected() + (doc.isEmpty() ? "" : " (" + doc + ")");
  }
}
