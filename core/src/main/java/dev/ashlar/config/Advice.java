package dev.ashlar.config;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What helps against the usual mistakes; empty where nothing sensible can be said. */
final class Advice {
  private static final Set<String> YES = Set.of("yes", "on", "y", "true");
  private static final Set<String> NO = Set.of("no", "off", "n", "false");

  private Advice() {}

  static String forWrongType(Value value, Kind kind) {
    if (value instanceof Value.Null) return "give a value, or leave it out if there is a default";
    return switch (kind) {
      case Kind.Maybe(var of) -> forWrongType(value, of);
      case Kind.Many _ -> value instanceof Value.Mapping m && m.entries().size() > 1
          ? "write a list: put '- ' before each item"
          : "write a list: [" + Words.shown(value) + "]";
      case Kind.Whole _ when value instanceof Value.Text t -> forNumber(t.value(), false);
      case Kind.Fraction _ when value instanceof Value.Text t -> forNumber(t.value(), true);
      case Kind.Truth _ when value instanceof Value.Text t -> forTruth(t.value());
      case Kind.Prose _, Kind.File _
          when value instanceof Value.Num || value instanceof Value.Bool ->
          "put it in quotes: \"" + Words.shown(value) + "\"";
      case Kind.Whole _, Kind.Fraction _, Kind.Truth _, Kind.Prose _, Kind.File _, Kind.Choice _
          when value instanceof Value.Sequence s && s.items().size() == 1 ->
          "remove the brackets: " + Words.shown(s.items().getFirst());
      default -> "";
    };
  }

  private static String forNumber(String text, boolean fraction) {
    boolean percent = fraction && text.endsWith("%");
    var digits = text.replaceAll(percent ? "[_,%\\s]" : "[_,\\s]", "");
    if (!(OneLine.scalar(digits, Place.ROOT) instanceof Value.Num number)) return "";
    if (percent) return "write " + Words.number(number.value().movePointLeft(2));
    return digits.equals(text) ? "remove the quotes: " + Words.shortened(text) : "write " + number;
  }

  private static String forTruth(String text) {
    var lower = text.toLowerCase(Locale.ROOT);
    return YES.contains(lower) ? "write true" : NO.contains(lower) ? "write false" : "";
  }

  /** A name and its components side by side: the components were meant to stand one level deeper. */
  static String forSeveralKeys(Value.Mapping mapping, Kind.OneOf kind, Kinds kinds) {
    var implementations = kinds.implementations(kind.type());
    var names = mapping.keys().stream()
        .filter(key -> Lookup.of(key, implementations) instanceof Lookup.Found)
        .distinct()
        .toList();
    if (names.size() > 1) return "each has its own place: in a list, put '- ' before each";
    if (names.isEmpty()) return "";
    var others = mapping.keys().stream().filter(key -> !key.equals(names.getFirst())).toList();
    if (others.equals(List.of(Reader.LABEL))) return "'as' has no meaning here: remove it";
    return "'" + Words.shortened(String.join("', '", others)) + "' may belong one level deeper, under '"
        + names.getFirst() + "'";
  }

  /** A component of a component, written one level too high. */
  static String forInnerComponent(String key, RecordType type, Kinds kinds) {
    return type.components().stream()
        .filter(c -> c.kind() instanceof Kind.Fields(var inner) && kinds.record(inner).component(key) != null)
        .findFirst().map(c -> "'" + key + "' is part of '" + c.name() + "': write it there").orElse("");
  }

  /** What the first component takes, given without that component's name. */
  static String forUnknownComponent(String key, RecordType type, Kinds kinds) {
    if (type.components().isEmpty()) return "";
    var first = type.components().getFirst();
    var kind = first.kind() instanceof Kind.Many(var of) ? of : first.kind();
    if (kind instanceof Kind.Labelled(var of)) kind = of;
    return kind instanceof Kind.OneOf one
        && Lookup.of(key, kinds.implementations(one.type())) instanceof Lookup.Found
        ? "'" + key + "' is " + one.expected() + ": write it under '" + first.name() + "'"
        : "";
  }

  static boolean hasFraction(BigDecimal value) {
    return value.signum() != 0 && value.stripTrailingZeros().scale() > 0;
  }
}
