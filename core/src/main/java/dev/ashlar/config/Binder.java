package dev.ashlar.config;

import dev.ashlar.api.Stable;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Makes records from value trees and value trees from records. The grammar is in the package's description.
 * Immutable; serves any number of threads.
 *
 * @param names knows the plug-ins
 * @param base the folder that paths are relative to
 */
@Stable
public record Binder(NameResolver names, Path base) {
  /**
   * The value of a tree, or all that is wrong with it.
   *
   * @param type a record, an enum, a sealed interface, or a kind of plug-in
   * @throws UnboundTypeException if the type cannot be bound, whatever the tree
   */
  public <T> BindResult<T> bind(Value tree, Class<T> type) {
    return bind(tree, type, new Places());
  }

  /** The same; tells where each record that was made stands. */
  public <T> BindResult<T> bind(Value tree, Class<T> type, Places places) {
    var kinds = new Kinds(names);
    var reader = new Reader(kinds, base, places);
    var made = reader.read(tree, kinds.of(type));
    if (made == null) return new BindResult.Refused<>(reader.problems());
    return new BindResult.Bound<>(Kinds.boxed(type).cast(made));
  }

  /**
   * A tree with a value at a path, in the place of what stands there. Maps on the way are made as needed;
   * shorthands and names alone are written out, so that a component can stand beside what is given: with
   * {@code 0.9} at {@code optimizer, sgd, momentum}, {@code optimizer: {sgd: 0.1}} becomes
   * {@code optimizer: {sgd: {learning_rate: 0.1, momentum: 0.9}}}. A name stays as it is written, qualified
   * or not.
   *
   * @param type what the tree describes
   * @param path names (texts) and positions (integers, from 0), from the root
   * @param help added to the message of a mistake, such as who wants the value there
   * @throws ConfigException if the path leads through something else
   */
  public Value put(Value tree, Class<?> type, List<?> path, Value value, String help) {
    var kinds = new Kinds(names);
    return new Insertion(kinds, path, value, help).into(tree, kinds.of(type), 0).placed(Place.ROOT);
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
    return new Writer(kinds, base).write(value, kinds.of(type), Place.ROOT).placed(Place.ROOT);
  }

  /**
   * Why a type could not be bound, or why some of its defaults could not: each reason names class and
   * component. Nothing if all is well. A registry asks before it lets a plug-in in; it must know the
   * plug-ins that defaults name.
   */
  public List<String> check(Class<?> type) {
    return new Checker(new Kinds(names)).check(type);
  }

  /**
   * What can be written where a record is meant.
   *
   * @throws UnboundTypeException if the type is no record that can be bound
   */
  public Description describe(Class<?> type) {
    if (!type.isRecord()) throw new UnboundTypeException(type, "only records are described", null);
    var kinds = new Kinds(names);
    return Description.of(kinds.record(type), kinds);
  }

  /**
   * What can be written under the name of an implementation.
   *
   * @throws UnboundTypeException if it is a record that cannot be bound
   */
  public Description describe(Implementation implementation) {
    return Description.of(implementation, new Kinds(names));
  }

  /** The plain values that an implementation consists of, those of records in it too. */
  public List<Setting> settings(Implementation implementation) {
    return Setting.of(implementation.type(), List.of(), new Kinds(names));
  }

  /**
   * How an implementation may be written, to start from: its name, with what must be given and nothing else. The values
   * are within their ranges; what a constructor checks beyond those is not known here.
   *
   * @return empty if it contains itself and so has no smallest form
   */
  public Optional<Value> sample(Implementation implementation) {
    return new Sample(new Kinds(names)).of(implementation).map(value -> value.placed(Place.ROOT));
  }

  /**
   * A JSON Schema (draft 2020-12) of the configurations of a type, for completion and checks in editors.
   *
   * @throws UnboundTypeException if the type cannot be bound
   */
  public Value jsonSchema(Class<?> type) {
    return new JsonSchema(new Kinds(names)).of(type);
  }
}
