package dev.ashlar.config;

import java.nio.file.Path;
import java.util.List;

/**
 * Makes records from value trees and value trees from records. The grammar is in the package's description.
 * Immutable; serves any number of threads.
 *
 * @param names knows the plug-ins
 * @param base the folder that paths are relative to
 */
public record Binder(NameResolver names, Path base) {
  /**
   * The value of a tree, or all that is wrong with it.
   *
   * @param type a record, an enum, a sealed interface, or a kind of plug-in
   * @throws UnboundTypeException if the type cannot be bound, whatever the tree
   */
  public <T> BindResult<T> bind(Value tree, Class<T> type) {
    var kinds = new Kinds(names);
    var reader = new Reader(kinds, base);
    var made = reader.read(tree, kinds.of(type));
    return made == null ? new BindResult.Refused<>(reader.problems()) : new BindResult.Bound<>(type.cast(made));
  }

  /**
   * A record as a map with every component written, and names as {@code plugin:name@version}. Reading it back
   * gives an equal record.
   *
   * @throws IllegalArgumentException if something in it has no name, with its path
   */
  public Value write(Record value) {
    return write(value, value.getClass());
  }

  /** The same for a value as it would stand where the type is meant: with its name for a kind of plug-in. */
  public Value write(Object value, Class<?> type) {
    var kinds = new Kinds(names);
    return new Writer(kinds, base).write(value, kinds.of(type), "").placed(Place.ROOT);
  }
}
