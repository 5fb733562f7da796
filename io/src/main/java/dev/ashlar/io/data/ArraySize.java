package dev.ashlar.io.data;

import java.util.Locale;

/** How many elements a Java array holds. */
final class ArraySize {
  /** A few less than an index could count: virtual machines keep room for a header. */
  private static final long MOST = Integer.MAX_VALUE - 8;

  private ArraySize() {}

  /**
   * Refuses data of so many rows that are too large.
   *
   * @param product how the configuration would say their size
   * @throws IllegalArgumentException that says what is expected, as a constructor's does
   */
  static void check(String product, int rows, long width) {
    long size = rows * width;
    if (size > MOST) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "at most %,d numbers in %s; these are %,d", MOST, product, size));
    }
  }
}
