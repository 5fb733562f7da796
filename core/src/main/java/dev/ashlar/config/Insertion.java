package dev.ashlar.config;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts a value at a path of a tree. Maps on the way are made as needed; shorthands and names alone are
 * written out as the maps that they stand for. Kinds are null where nothing is known of what is meant.
 *
 * @param path names and positions, from the root
 * @param help added to the message if the path leads through something else
 */
record Insertion(Kinds kinds, List<?> path, Value value, String help) {
  /** A part of the tree with the value in it; the rest of the path begins with this step. */
  Value into(Value tree, @Nullable Kind kind, int step) {
    if (step == path.size()) return value;
    return path.get(step) instanceof Integer index
        ? item(tree, kind, index, step)
        : entry(tree, kind, (String) path.get(step), step);
  }

  private Value item(Value tree, @Nullable Kind kind, int index, int step) {
    if (tree instanceof Value.Mapping map) {
      var whole = listOf(map, kind, step);
      if (whole != null) return whole;
    }
    if (!(tree instanceof Value.Sequence list) || index >= list.items().size()) {
      throw wrong(tree, "a list of more than " + index + " items");
    }
    var items = new ArrayList<>(list.items());
    items.set(index, into(items.get(index), ofItem(kind, list, index), step + 1));
    return new Value.Sequence(items, list.place());
  }

  /**
   * A map that a list may stand for, such as {@code {sequential: {layers: [..]}}}: a position is one of that list.
   *
   * @return the map with the value in it; null if no list may stand for it
   */
  private @Nullable Value listOf(Value.Mapping map, @Nullable Kind kind, int step) {
    return switch (kind) {
      case Kind.Maybe(var of) -> listOf(map, of, step);
      case Kind.Labelled(var one) -> listOf(map, one, step);
      case Kind.OneOf one -> {
        var name = Types.shorthand(one.type(), new Value.Sequence(List.of(), map.place()));
        yield map.keys().stream().filter(key -> isSame(key, name, kinds.implementations(one.type()))).findFirst()
            .map(key -> map.with(key, into(map.get(key), components(key, one), step))).orElse(null);
      }
      case Kind.Fields(var type) when !kinds.record(type).isTuple() && !kinds.record(type).components().isEmpty() -> {
        var first = kinds.record(type).components().getFirst();
        yield map.keys().stream().filter(first::isCalled).findFirst()
            .map(key -> map.with(key, into(map.get(key), first.kind(), step))).orElse(null);
      }
      case null, default -> null;
    };
  }

  /** What is meant by an item of a list that stands where the kind is meant. */
  private @Nullable Kind ofItem(@Nullable Kind kind, Value.Sequence list, int index) {
    return switch (kind) {
      case Kind.Maybe(var of) -> ofItem(of, list, index);
      case Kind.Many(var of) -> of;
      case Kind.Labelled(var one) -> ofItem(one, list, index);
      case Kind.OneOf one -> ofItem(components(Types.shorthand(one.type(), list), one), list, index);
      case Kind.Fields(var type) -> {
        var components = kinds.record(type).components();
        if (!kinds.record(type).isTuple()) {
          yield components.isEmpty() ? null : ofItem(components.getFirst().kind(), list, index);
        }
        yield index < components.size() ? components.get(index).kind() : null;
      }
      case null, default -> null;
    };
  }

  private Value entry(Value tree, @Nullable Kind kind, String name, int step) {
    return switch (kind) {
      case Kind.Maybe(var of) -> entry(tree, of, name, step);
      case Kind.Fields(var type) -> component(tree, kinds.record(type), name, step);
      case Kind.OneOf one -> chosen(tree, one, name, step);
      case Kind.Labelled(var one) -> name.equals(Reader.LABEL)
          ? with(named(tree, one, name), name, null, step)
          : chosen(tree, one, name, step);
      case Kind.ByName(var of) -> with(map(tree, name), name, of, step);
      case null, default -> with(map(tree, name), name, null, step);
    };
  }

  private Value component(Value tree, RecordType type, String name, int step) {
    var map = tree instanceof Value.Mapping || tree instanceof Value.Null
        ? map(tree, name)
        : writtenOut(tree, type, name);
    var component = type.component(name);
    if (component == null) return with(map, name, null, step);
    var written = map.keys().stream().filter(component::isCalled).findFirst().orElse(name);
    return with(map, written, component.kind(), step);
  }

  /** The components that a shorthand stands for. */
  private Value.Mapping writtenOut(Value tree, RecordType type, String name) {
    var names = type.names();
    if (names.isEmpty()) throw wrongMap(tree, name);
    if (!type.isTuple()) return map(names.getFirst(), tree.placed(tree.place().key(names.getFirst())));
    var entries = new ArrayList<Value.Entry>();
    for (var each : names) {
      entries.add(new Value.Entry(each, null, switch (tree) {
        case Value.Sequence list when list.items().size() != names.size() -> throw wrongMap(tree, name);
        case Value.Sequence list -> list.items().get(entries.size());
        default -> tree;
      }));
    }
    return new Value.Mapping(entries, tree.place());
  }

  /** What is chosen by name stays chosen: a path through another name is a mistake. */
  private Value chosen(Value tree, Kind.OneOf kind, String name, int step) {
    var map = named(tree, kind, name);
    var written = map.keys().stream().filter(key -> !key.equals(Reader.LABEL)).findFirst().orElse(name);
    if (!isSame(written, name, kinds.implementations(kind.type()))) throw wrongMap(tree, name);
    return with(map, written, components(written, kind), step);
  }

  /** A name alone, or what stands for a named value, as the map that it means. */
  private Value.Mapping named(Value tree, Kind.OneOf kind, String name) {
    if (tree instanceof Value.Text(var alone, var place)) {
      return map(alone, new Value.Mapping(List.of(), place));
    }
    var shorthand = Types.shorthand(kind.type(), tree);
    return shorthand.isEmpty() ? map(tree, name) : map(shorthand, tree);
  }

  private static boolean isSame(String written, String name, List<Implementation> implementations) {
    return written.equals(name)
        || Lookup.of(written, implementations) instanceof Lookup.Found(var one, _)
            && Lookup.of(name, implementations) instanceof Lookup.Found(var other, _)
            && one.equals(other);
  }

  /** What is meant under a name; nothing is known of what an earlier version meant. */
  private @Nullable Kind components(String name, Kind.OneOf kind) {
    return Lookup.of(name, kinds.implementations(kind.type())) instanceof Lookup.Found(var found, int version)
            && found.constant() == null
            && (version == 0 || version == found.version())
        ? new Kind.Fields(found.type())
        : null;
  }

  private Value with(Value.Mapping map, String key, @Nullable Kind kind, int step) {
    var old = map.get(key);
    if (old != null) return map.with(key, into(old, kind, step + 1));
    var entries = new ArrayList<>(map.entries());
    var made = into(new Value.Mapping(List.of(), value.place()), kind, step + 1);
    entries.add(new Value.Entry(key, value.place().location(), made));
    return new Value.Mapping(entries, map.place());
  }

  private Value.Mapping map(Value tree, String name) {
    return switch (tree) {
      case Value.Mapping map -> map;
      case Value.Null _ -> new Value.Mapping(List.of(), tree.place());
      default -> throw wrongMap(tree, name);
    };
  }

  private static Value.Mapping map(String key, Value value) {
    return new Value.Mapping(List.of(new Value.Entry(key, null, value)), value.place());
  }

  private ConfigException wrongMap(Value tree, String name) {
    return wrong(tree, "a map with '" + name + "'");
  }

  private ConfigException wrong(Value tree, String expected) {
    return new ConfigException(new Problem(tree.place(), Words.shown(tree), expected, help));
  }
}
