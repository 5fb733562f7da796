package dev.ashlar.config;

import dev.ashlar.api.Stable;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that a name stands for: a record that is made from a configuration, or an object that is there
 * already.
 *
 * @param plugin the plug-in that brings it, which qualifies the name; empty for none
 * @param name its name among the implementations of its kind
 * @param aliases earlier names
 * @param version of its components
 * @param type the record to make, or the class of the constant
 * @param constant the object that the name stands for; null if a record is to be made
 */
@Stable
public record Implementation(
    String plugin, String name, List<String> aliases, int version, Class<?> type, @Nullable Object constant) {
  /** Copies the list. */
  public Implementation {
    aliases = List.copyOf(aliases);
  }

  /** A record is one implementation, an enum one for each constant, any other class none. */
  public static List<Implementation> of(String plugin, Class<?> type) {
    if (type.isRecord()) {
      return List.of(new Implementation(
          plugin, Types.name(type), Types.aliases(type), Types.version(type), type, null));
    }
    if (!type.isEnum()) return List.of();
    return Arrays.stream(type.getEnumConstants())
        .map(c -> ofConstant(plugin, (Enum<?>) c, type))
        .toList();
  }

  private static Implementation ofConstant(String plugin, Enum<?> constant, Class<?> type) {
    var aliases = Types.aliases(Types.field(constant));
    return new Implementation(plugin, Types.name(constant), aliases, Types.version(type), type, constant);
  }

  /** An object that has a name and no components. */
  public static Implementation of(String plugin, String name, Object constant) {
    return new Implementation(
        plugin, name, List.of(), Types.version(constant.getClass()), constant.getClass(), constant);
  }

  /** What a record or an enum constant is called by its annotations or, without them, by its Java name. */
  public static String nameOf(Object object) {
    return object instanceof Enum<?> constant ? Types.name(constant) : Types.name(object.getClass());
  }

  /** What a record or an enum constant was called before, by its annotations. */
  public static List<String> earlierNamesOf(Object object) {
    return object instanceof Enum<?> constant ? Types.aliases(Types.field(constant)) : Types.aliases(object.getClass());
  }

  /**
   * Whether a name could not be told from what else a configuration says: {@code as} goes before a label, and
   * {@code true}, {@code false} and {@code null} are no text.
   */
  public static boolean isReserved(String name) {
    return name.equals(Reader.LABEL) || !(OneLine.scalar(name, Place.ROOT) instanceof Value.Text);
  }

  /** {@code plugin:name}, or the name alone if no plug-in brings it. */
  public String qualifiedName() {
    return plugin.isEmpty() ? name : plugin + ":" + name;
  }

  /** Whether files say which version wrote it. */
  boolean isVersioned() {
    return !plugin.isEmpty() || type.isAnnotationPresent(Version.class);
  }

  boolean isCalled(String other) {
    return name.equals(other) || aliases.contains(other);
  }
}
