package dev.ashlar.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Values that a reader of documentation can start from: what must be given is given, as small as it may be, and all
 * else is left to its default. What contains itself, such as a block of blocks, ends with a constant or with an
 * implementation that needs nothing.
 */
final class Sample {
  private static final List<Double> NUMBERS = List.of(0.1, 1.0, 0.5, 2.0, 10.0, 0.0);
  private static final List<Long> WHOLES = List.of(4L, 2L, 1L, 0L);

  private final Kinds kinds;
  private final Set<Class<?>> open = new HashSet<>();

  Sample(Kinds kinds) {
    this.kinds = kinds;
  }

  /** What stands where an implementation is meant: its name alone, or a map from it to what must be given. */
  Optional<Value> of(Implementation implementation) {
    var name = name(implementation);
    if (implementation.constant() != null) return Optional.of(text(name));
    if (required(implementation.type()).isEmpty()) return Optional.of(text(name));
    return ofRecord(implementation.type()).map(value -> map(name, value));
  }

  /** With its plug-in where it means several without. */
  private String name(Implementation implementation) {
    boolean isAmbiguous = interfaces(implementation.type())
        .flatMap(kind -> kinds.names().implementations(kind).stream())
        .anyMatch(all -> Lookup.of(implementation.name(), all) instanceof Lookup.Ambiguous);
    return isAmbiguous ? implementation.qualifiedName() : implementation.name();
  }

  private static Stream<Class<?>> interfaces(Class<?> type) {
    return Stream.concat(Stream.of(type), Stream.concat(Stream.ofNullable(type.getSuperclass()),
        Stream.of(type.getInterfaces())).flatMap(Sample::interfaces));
  }

  private List<Component> required(Class<?> type) {
    return kinds.record(type).components().stream().filter(Component::isRequired).toList();
  }

  private Optional<Value> components(List<Component> required) {
    var entries = new ArrayList<Value.Entry>();
    for (var component : required) {
      var value = of(component);
      if (value.isEmpty()) return Optional.empty();
      entries.add(new Value.Entry(component.name(), null, value.get()));
    }
    return Optional.of(new Value.Mapping(entries, Place.ROOT));
  }

  private Optional<Value> of(Component component) {
    return component.kind() instanceof Kind.Prose ? Optional.of(text(component.name())) : of(component.kind());
  }

  private Optional<Value> of(Kind kind) {
    return switch (kind) {
      case Kind.Whole whole -> Optional.of(Value.of(WHOLES.stream()
          .filter(n -> whole.bounds().admits(n.doubleValue())).findFirst()
          .orElse((long) Math.ceil(whole.bounds().atLeast()))));
      case Kind.Fraction fraction -> Optional.of(Value.of(NUMBERS.stream()
          .filter(fraction.bounds()::admits).findFirst().orElse(fraction.bounds().atLeast())));
      case Kind.Truth _ -> Optional.of(Value.of(true));
      case Kind.Prose _ -> Optional.of(text("name"));
      case Kind.File _ -> Optional.of(text("data/file"));
      case Kind.Choice choice -> Optional.of(text(choice.names().getFirst()));
      case Kind.Maybe(var of) -> of(of);
      case Kind.Many(var of) -> of(of).map(value -> new Value.Sequence(List.of(value), Place.ROOT));
      case Kind.ByName(var of) -> of(of).map(value -> map("name", value));
      case Kind.Labelled(var one) -> of(one);
      case Kind.OneOf(var type) -> ofKind(type);
      case Kind.Fields(var type) -> ofRecord(type);
      case Kind.Raw _ -> Optional.of(text("value"));
    };
  }

  /** What must be given, without its name where the first suffices; nothing of a record that contains itself. */
  private Optional<Value> ofRecord(Class<?> type) {
    if (!open.add(type)) return Optional.empty();
    var all = kinds.record(type).components();
    var required = required(type);
    boolean firstAlone = kinds.record(type).isTuple() || !all.isEmpty() && required.equals(all.subList(0, 1));
    // A map in place of a record is its components, never the first alone.
    boolean isMap = !all.isEmpty() && all.getFirst().kind() instanceof Kind.ByName;
    var value = firstAlone && !isMap ? of(all.getFirst()) : components(required);
    open.remove(type);
    return value;
  }

  /** What stands for a number alone, else the first constant, else what needs the least. */
  private Optional<Value> ofKind(Class<?> type) {
    var shorthand = type.getAnnotation(Shorthand.class);
    if (shorthand != null && Lookup.of(shorthand.number(), kinds.implementations(type)) instanceof Lookup.Found found) {
      var record = kinds.record(found.implementation().type());
      return of(record.components().getFirst());
    }
    return kinds.implementations(type).stream()
        .sorted(Comparator.comparingInt(this::needs))
        .flatMap(implementation -> of(implementation).stream())
        .findFirst();
  }

  private int needs(Implementation implementation) {
    return implementation.constant() != null ? -1 : required(implementation.type()).size();
  }

  private static Value text(String text) {
    return new Value.Text(text, Place.ROOT);
  }

  private static Value map(String key, Value value) {
    return new Value.Mapping(List.of(new Value.Entry(key, null, value)), Place.ROOT);
  }
}
