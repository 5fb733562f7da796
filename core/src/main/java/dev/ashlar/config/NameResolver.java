package dev.ashlar.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Knows the kinds of plug-ins (interfaces such as {@code Layer}) and what implements them. */
@FunctionalInterface
public interface NameResolver {
  /** Knows no plug-ins; enough for plain records and sealed interfaces. */
  NameResolver NONE = _ -> Optional.empty();

  /** The implementations of a kind of plug-in, perhaps none; empty if the type is no such kind. */
  Optional<List<Implementation>> implementations(Class<?> kind);

  /** A resolver over a map. */
  static NameResolver of(Map<Class<?>, List<Implementation>> byKind) {
    var copy = Map.copyOf(byKind);
    return kind -> Optional.ofNullable(copy.get(kind));
  }
}
