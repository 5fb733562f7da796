package dev.ashlar.config;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Bounds of a number; NaN for none. */
record Bounds(double atLeast, double above, double atMost, double below) {
  static final Bounds NONE = new Bounds(Double.NaN, Double.NaN, Double.NaN, Double.NaN);

  static Bounds of(@Nullable Range range) {
    return range == null ? NONE : new Bounds(range.atLeast(), range.above(), range.atMost(), range.below());
  }

  /** These bounds as floats, for numbers that were rounded to floats. */
  Bounds rounded() {
    return new Bounds((float) atLeast, (float) above, (float) atMost, (float) below);
  }

  boolean isNone() {
    return equals(NONE);
  }

  /** Whether no number is within. */
  boolean isEmpty() {
    return atLeast > atMost || atLeast >= below || above >= atMost || above >= below;
  }

  boolean admits(BigDecimal value) {
    return (Double.isNaN(atLeast) || compare(value, atLeast) >= 0)
        && (Double.isNaN(above) || compare(value, above) > 0)
        && (Double.isNaN(atMost) || compare(value, atMost) <= 0)
        && (Double.isNaN(below) || compare(value, below) < 0);
  }

  /** As {@link #admits(BigDecimal)}, also for infinities; NaN is admitted only where there are no bounds. */
  boolean admits(double value) {
    if (Double.isNaN(value)) return isNone();
    return !(value < atLeast || value <= above || value > atMost || value >= below);
  }

  /** {@code  >= 0 and < 1} with a blank before, or nothing. */
  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    if (!Double.isNaN(atLeast)) parts.add(">= " + Words.number(atLeast));
    if (!Double.isNaN(above)) parts.add("> " + Words.number(above));
    if (!Double.isNaN(atMost)) parts.add("<= " + Words.number(atMost));
    if (!Double.isNaN(below)) parts.add("< " + Words.number(below));
    return parts.isEmpty() ? "" : " " + String.join(" and ", parts);
  }

  /** What joins one more bound to these. */
  String and() {
    return isNone() ? " " : " and ";
  }

  private static int compare(BigDecimal value, double bound) {
    if (Double.isInfinite(bound)) return bound > 0 ? -1 : 1;
    return value.compareTo(new BigDecimal(Double.toString(bound)));
  }
}
