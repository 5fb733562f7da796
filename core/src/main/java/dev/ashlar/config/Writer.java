package dev.ashlar.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The way back: a record as a tree with every value written. */
record Writer(Kinds kinds, Path base) {
  /**
   * The tree of a value.
   *
   * @param place where it will stand, for messages
   */
  Value write(Object value, Kind kind, Place place) {
    return switch (kind) {
      case Kind.Whole _, Kind.Fraction _, Kind.Truth _, Kind.Prose _ -> Value.of(value);
      case Kind.File _ -> Value.of(relative((Path) value));
      case Kind.Choice _ -> Value.of(Types.name((Enum<?>) value));
      case Kind.Maybe(var of) -> ((Optional<?>) value)
          .map(v -> write(v, of, place))
          .orElseGet(() -> Value.of(null));
      case Kind.Many(var of) -> {
        var items = new ArrayList<Value>();
        for (var item : (List<?>) value) items.add(write(item, of, place.index(items.size())));
        yield new Value.Sequence(items, Place.ROOT);
      }
      case Kind.ByName(var of) -> new Value.Mapping(((Map<?, ?>) value).entrySet().stream()
          .map(e -> entry((String) e.getKey(), write(e.getValue(), of, place.key((String) e.getKey()))))
          .toList(), Place.ROOT);
      case Kind.Fields(var type) -> fields(value, kinds.record(type), place);
      case Kind.OneOf one -> named(value, one, Optional.empty(), place);
      case Kind.Labelled(var one) -> {
        var named = (Named<?>) value;
        yield named(named.value(), one, named.label(), place);
      }
      case Kind.Raw _ -> (Value) value;
    };
  }

  private Value fields(Object value, RecordType type, Place place) {
    var values = type.read(value);
    var entries = new ArrayList<Value.Entry>();
    for (var component : type.components()) {
      var written = write(values.get(entries.size()), component.kind(), place.key(component.name()));
      entries.add(entry(component.name(), written));
    }
    if (!type.isTuple()) return new Value.Mapping(entries, Place.ROOT);
    return new Value.Sequence(entries.stream().map(Value.Entry::value).toList(), Place.ROOT);
  }

  private Value named(Object value, Kind.OneOf kind, Optional<String> label, Place place) {
    var found = kinds.implementations(kind.type()).stream()
        .filter(i -> i.constant() == null ? i.type() == value.getClass() : value.equals(i.constant()))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(
            place.path() + ": " + value + " cannot be written: no plug-in registers "
                + value.getClass().getTypeName() + " as " + Words.article(Types.noun(kind.type()))
                + "; of a shaded jar, were the files of META-INF/services merged?"));
    var name = found.qualifiedName() + (found.isVersioned() ? "@" + found.version() : "");
    var components = found.constant() == null
        ? fields(value, kinds.record(found.type()), place.key(found.name()))
        : new Value.Mapping(List.of(), Place.ROOT);
    boolean bare = components instanceof Value.Mapping m && m.entries().isEmpty();
    if (bare && label.isEmpty()) return Value.of(name);
    var entries = new ArrayList<Value.Entry>();
    entries.add(entry(name, components));
    label.ifPresent(l -> entries.add(entry(Reader.LABEL, Value.of(l))));
    return new Value.Mapping(entries, Place.ROOT);
  }

  private static Value.Entry entry(String key, Value value) {
    return new Value.Entry(key, null, value);
  }

  /** Below the base relative to it, else absolute; always with forward slashes. */
  private String relative(Path path) {
    var below = base.toAbsolutePath().normalize();
    var whole = base.resolve(path).toAbsolutePath().normalize();
    var written = whole.startsWith(below) && !whole.equals(below) ? below.relativize(whole) : whole;
    return written.toString().replace(path.getFileSystem().getSeparator(), "/");
  }
}
