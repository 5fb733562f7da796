package dev.ashlar.config;

import dev.ashlar.api.Stable;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where the records that a binding made stand in its tree: so that a mistake that shows only later, such as a layer
 * that does not fit the one before, can be told with its place.
 */
@Stable
public final class Places {
  private final Map<Object, Place> known = new IdentityHashMap<>();

  /** Knows none yet. */
  public Places() {}

  /** The place that this very object was made from; empty for constants, defaults and strangers. */
  public Optional<Place> of(Object made) {
    return Optional.ofNullable(known.get(made));
  }

  void add(Object made, Place place) {
    known.put(made, place);
  }
}
