package dev.ashlar.io.tables;

import java.util.Arrays;
import java.util.function.LongToDoubleFunction;

/**
 * Numbers of a column that may have more rows than memory holds: mean, median and the most frequent one, exact and
 * without a copy of the column. What stands where in order is found by counting, 16 bits a pass (radix selection).
 */
final class Ranks {
  private static final int BITS = 16;
  private static final int DIGITS = 1 << BITS;
  /** So many numbers are sorted at a time. */
  private static final int SORTED = 1 << 20;

  private final long size;
  private final LongToDoubleFunction numbers;
  private final int sorted;
  private final long filled;

  /**
   * @param size rows
   * @param numbers by row; NaN where nothing is
   */
  Ranks(long size, LongToDoubleFunction numbers) {
    this(size, numbers, SORTED);
  }

  /**
   * @param sorted numbers that are sorted at a time
   */
  Ranks(long size, LongToDoubleFunction numbers, int sorted) {
    this.size = size;
    this.numbers = numbers;
    this.sorted = sorted;
    this.filled = count(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
  }

  /** How many numbers there are. */
  long filled() {
    return filled;
  }

  double mean() {
    double mean = 0;
    long count = 0;
    for (long i = 0; i < size; i++) {
      double number = numbers.applyAsDouble(i);
      if (!Double.isNaN(number)) mean += (number - mean) / ++count;
    }
    return mean;
  }

  /** The one in the middle; of an even number, the mean of the two. */
  double median() {
    double lower = at((filled - 1) / 2);
    if (filled % 2 == 1) return lower;
    boolean isTwice = count(Double.NEGATIVE_INFINITY, lower) > filled / 2;
    return lower / 2 + (isTwice ? lower : next(lower)) / 2;
  }

  /** The one that is there most often; of several, the least. */
  double mostFrequent() {
    double best = Double.NaN;
    long most = 0;
    double before = Double.NEGATIVE_INFINITY;
    for (long done = 0; done < filled; ) {
      double last = at(Math.min(filled, done + sorted) - 1);
      var some = between(before, last);
      Arrays.sort(some);
      for (int from = 0, to; from < some.length; from = to) {
        for (to = from; to < some.length && some[to] == some[from]; ) to++;
        if (to - from > most) {
          most = to - from;
          best = some[from];
        }
      }
      long ofLast = count(last, last);
      if (ofLast > most) {
        most = ofLast;
        best = last;
      }
      done += some.length + ofLast;
      before = last;
    }
    return best;
  }

  /** The number at a place in order, from 0. */
  private double at(long place) {
    long left = place;
    long digits = 0; // of the number's key, as far as they are known
    for (int shift = Long.SIZE - BITS; shift >= 0; shift -= BITS) {
      var counts = new long[DIGITS];
      for (long i = 0; i < size; i++) {
        double number = numbers.applyAsDouble(i);
        if (Double.isNaN(number)) continue;
        long key = key(number) >>> shift;
        if (key >>> BITS == digits) counts[(int) key & DIGITS - 1]++;
      }
      int digit = 0;
      while (left >= counts[digit]) left -= counts[digit++];
      digits = digits << BITS | digit;
    }
    long bits = digits ^ (digits < 0 ? Long.MIN_VALUE : -1);
    return Double.longBitsToDouble(bits);
  }

  /** Bits that are in order, read without a sign, as the numbers are; the two zeros are one. */
  private static long key(double number) {
    long bits = Double.doubleToLongBits(number + 0.0);
    return bits ^ (bits < 0 ? -1 : Long.MIN_VALUE);
  }

  private long count(double least, double greatest) {
    long count = 0;
    for (long i = 0; i < size; i++) {
      double number = numbers.applyAsDouble(i);
      if (number >= least && number <= greatest) count++;
    }
    return count;
  }

  /** The least number that is greater. */
  private double next(double number) {
    double next = Double.POSITIVE_INFINITY;
    for (long i = 0; i < size; i++) {
      double other = numbers.applyAsDouble(i);
      if (other > number && other < next) next = other;
    }
    return next;
  }

  /** Numbers between two, without these; there are fewer than are sorted at a time. */
  private double[] between(double less, double greater) {
    var found = new double[(int) Math.min(sorted, filled)];
    int count = 0;
    for (long i = 0; i < size; i++) {
      double number = numbers.applyAsDouble(i);
      if (number > less && number < greater) found[count++] = number;
    }
    return Arrays.copyOf(found, count);
  }
}
