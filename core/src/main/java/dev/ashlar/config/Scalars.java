package dev.ashlar.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Reads numbers, truth values, text, paths and enums. Every method returns null after it has added a
 * problem.
 */
record Scalars(Path base, Problems problems) {
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
    double number;
    if (value instanceof Value.Num n) {
      boolean single = kind.type() == float.class;
      number = single ? n.value().floatValue() : n.value().doubleValue();
      if (Double.isInfinite(number)) {
        var limit = Words.number(single ? Float.MAX_VALUE : Double.MAX_VALUE);
        var expected = kind.expected() + ", of magnitude <= " + limit;
        return problems.add(value.place(), Words.found(value), expected, "");
      }
      if (!kind.bounds().admits(n.value())) return problems.wrongType(value, kind);
    } else if (value instanceof Value.Text t) {
      switch (t.value()) {
        case "inf", ".inf" -> number = Double.POSITIVE_INFINITY;
        case "-inf", "-.inf" -> number = Double.NEGATIVE_INFINITY;
        case "nan", ".nan" -> number = Double.NaN;
        case "-0.0" -> number = -0.0;
        default -> {
          return problems.wrongType(value, kind);
        }
      }
      if (!kind.bounds().admits(number)) return problems.wrongType(value, kind);
    } else {
      return problems.wrongType(value, kind);
    }
    return kind.type() == float.class ? (Object) (float) number : (Object) number;
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
