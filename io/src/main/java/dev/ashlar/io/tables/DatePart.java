package dev.ashlar.io.tables;

import java.util.List;

/** Features of a moment, given as days since 1970-01-01 with a fraction. What goes round is a point on a circle. */
public enum DatePart {
  /** Years of 365.2425 days since 2000-01-01, with a fraction. */
  YEARS,
  /** Sine and cosine of the course of the year, such a year being a full turn. */
  SEASON,
  /** Sine and cosine of the day of the week, Monday being 0. */
  WEEKDAY,
  /** Sine and cosine of the time of day. */
  HOUR,
  /** Days since 1970-01-01, with a fraction; large, so that it wants {@code standardize}. */
  DAYS;

  private static final double YEAR = 365.2425;
  private static final long DAY_OF_2000 = 10957;
  /** 1970-01-01 was a Thursday. */
  private static final int THURSDAY = 3;

  /** Names of the features, to stand behind the name of the column. */
  List<String> suffixes() {
    return switch (this) {
      case YEARS -> List.of(".years");
      case DAYS -> List.of(".days");
      case SEASON -> List.of(".season_sin", ".season_cos");
      case WEEKDAY -> List.of(".weekday_sin", ".weekday_cos");
      case HOUR -> List.of(".hour_sin", ".hour_cos");
    };
  }

  /** How many features it is. */
  public int features() {
    return suffixes().size();
  }

  /**
   * The days since 1970-01-01 that a feature stands for.
   *
   * @throws IllegalStateException if it goes round, and stands for many
   */
  public double days(float value) {
    return switch (this) {
      case YEARS -> value * YEAR + DAY_OF_2000;
      case DAYS -> value;
      case SEASON, WEEKDAY, HOUR -> throw new IllegalStateException(this + " goes round");
    };
  }

  /**
   * One of the features.
   *
   * @param which from 0
   */
  float value(double days, int which) {
    return switch (this) {
      case YEARS -> (float) ((days - DAY_OF_2000) / YEAR);
      case DAYS -> (float) days;
      case SEASON -> circle((days - DAY_OF_2000) / YEAR, which);
      case WEEKDAY -> circle(Math.floorMod((long) Math.floor(days) + THURSDAY, 7) / 7.0, which);
      case HOUR -> circle(days - Math.floor(days), which);
    };
  }

  /** StrictMath: the same bits on any machine, before and after the JIT. */
  private static float circle(double turns, int which) {
    double angle = 2 * Math.PI * (turns - Math.floor(turns));
    return (float) (which == 0 ? StrictMath.sin(angle) : StrictMath.cos(angle));
  }
}
