package dev.ashlar.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads numbers, truth values, text, paths and enums. Every method returns null after it has added a
 * problem.
 */
record Scalars(Path base, Problems problems) {
  /** Numbers that JSON does not have, or does not keep; with a point as YAML writes them. */
  private static final Map<String, Double> SPECIAL = Map.of(
      "inf", Double.POSITIVE_INFINITY,
      ".inf", Double.POSITIVE_INFINITY,
      "-inf", Double.NEGATIVE_INFINITY,
      "-.inf", Double.NEGATIVE_INFINITY,
      "nan", Double.NaN,
      ".nan", Double.NaN,
      "-0.0", -0.0);

  @Nullable Object truth(Value value, Kind.Truth kind) {
    return value instanceof Value.Bool b ? (Object) b.value() : problems.wrongType(value, kind);
  }

  @Nullable Object prose(Value value, Kind.Prose kind) {
    return value instanceof Value.Text t ? t.value() : problems.wrongType(value, kind);
  }

  @Nullable Object whole(Value value, Kind.Whole kind) {
    if (!(value instanceof Value.Num number)) return problems.wrongType(value, kind);
    boolean fits = number.isLong()
        && number.value().longValueExact() >= kind.least()
        && number.value().longValueExact() <= kind.greatest();
    if (fits ? !kind.bounds().admits(number.value()) : Advice.hasFraction(number.value())) {
      return problems.wrongType(value, kind);
    }
    if (!fits) {
      var limit = number.value().signum() > 0 ? "<= " + kind.greatest() : ">= " + kind.least();
      var expected = kind.expected() + kind.bounds().and() + limit;
      return problems.add(value.place(), Words.found(value), expected, "");
    }
    long exact = number.value().longValueExact();
    return kind.type() == int.class ? (Object) (int) exact : (Object) exact;
  }

  @Nullable Object fraction(Value value, Kind.Fraction kind) {
    boolean single = kind.type() == float.class;
    return switch (value) {
      case Value.Num(var exact, _) -> {
        double rounded = single ? exact.floatValue() : exact.doubleValue();
        if (Double.isInfinite(rounded)) {
          var limit = Words.number(single ? Float.MAX_VALUE : Double.MAX_VALUE);
          var expected = kind.expected() + ", of magnitude <= " + limit;
          yield problems.add(value.place(), Words.found(value), expected, "");
        }
        // Rounding must not lead out of the bounds: 1e-50 is a float of 0, which is not > 0.
        boolean admitted = kind.bounds().admits(exact)
            && (single ? kind.bounds().rounded() : kind.bounds()).admits(rounded);
        yield admitted ? boxed(rounded, single) : problems.wrongType(value, kind);
      }
      case Value.Text(var name, _) when SPECIAL.containsKey(name) -> {
        double special = SPECIAL.get(name);
        yield kind.bounds().admits(special) ? boxed(special, single) : problems.wrongType(value, kind);
      }
      default -> problems.wrongType(value, kind);
    };
  }

  /** Whether text stands for a number. */
  static boolean isSpecial(String text) {
    return SPECIAL.containsKey(text);
  }

  private static Object boxed(double number, boolean single) {
    return single ? (Object) (float) number : (Object) number;
  }

  @Nullable Object path(Value value, Kind kind) {
    if (!(value instanceof Value.Text text) || text.value().isEmpty()) return problems.wrongType(value, kind);
    try {
      return base.resolve(text.value());
    } catch (InvalidPathException e) {
      return problems.add(value.place(), Words.found(value), "a path (" + e.getReason() + ")", "");
    }
  }

  @Nullable Object choice(Value value, Kind.Choice kind) {
    if (!(value instanceof Value.Text text)) return problems.wrongType(value, kind);
    for (var constant : kind.constants()) {
      if (Types.name(constant).equals(text.value())
          || Types.aliases(Types.field(constant)).contains(text.value())) {
        return constant;
      }
    }
    return problems.add(value.place(), Words.found(value), kind.expected(),
        Nearest.advice(text.value(), kind.names()));
  }
}
