package dev.ashlar.config;

import dev.ashlar.api.Stable;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Knows the kinds of plug-ins (interfaces such as {@code Layer}) and what implements them. */
@Stable
@FunctionalInterface
public interface NameResolver {
  /** Knows no plug-ins; enough for plain records and sealed interfaces. */
  NameResolver NONE = _ -> Optional.empty();

  /** The implementations of a kind of plug-in, perhaps none; empty if the type is no such kind. */
  Optional<List<Implementation>> implementations(Class<?> kind);

  /**
   * Plug-ins that were found but are not used, and why: what may have brought a name that is unknown.
   *
   * @param plugin that the name is qualified with; empty for none
   */
  default List<String> refused(String plugin) {
    return List.of();
  }

  /** A plug-in with its version and where it came from, for messages; its name alone if no more is known. */
  default String cited(String plugin) {
    return plugin;
  }

  /** The plug-in whose component this class is; empty for none. */
  default String owner(Class<?> component) {
    return "";
  }

  /**
   * What to do about a plug-in that is not there.
   *
   * @param plugin its name, if known; else empty
   */
  default String remedy(String plugin) {
    var refused = refused(plugin);
    return refused.isEmpty() ? "put its jar on the class path" : String.join("\n", refused);
  }

  /** A resolver over a map. */
  static NameResolver of(Map<Class<?>, List<Implementation>> byKind) {
    var copy = Map.copyOf(byKind);
    return kind -> Optional.ofNullable(copy.get(kind));
  }
}
