package dev.ashlar.io.tables;

import java.util.List;

/** A column as it was read; what stands for it is still to be learnt. */
sealed interface RawColumn {

  String name();

  /** The first number of a moment. */
  static float whole(double days) {
    return (float) Math.floor(days);
  }

  /** The second: a moment before midnight must not be rounded to the day that follows. */
  static float fraction(double days) {
    return (float) Math.min(days - Math.floor(days), Math.nextDown(1f));
  }

  /** Raw numbers in a row. */
  default int width() {
    return this instanceof Date ? 2 : 1;
  }

  /** Its numbers. */
  record Number(String name) implements RawColumn {}

  /**
   * Texts, numbered as they came.
   *
   * @param lines where each first stood
   */
  record Category(String name, ColumnType.Category type, List<String> texts, List<Long> lines) implements RawColumn {}

  /** Days since 1970-01-01, then a fraction of a day. */
  record Date(String name, ColumnType.Date type, boolean hasTime) implements RawColumn {}
}
