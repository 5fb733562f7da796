package dev.ashlar.io.events;

import dev.ashlar.tensor.NDArray;
import java.util.Arrays;

/**
 * How finite numbers are distributed, in buckets that grow by a tenth: from 1e-12 up to 1e20 on either side of zero, as
 * TensorFlow's have them ({@code tensorflow/core/lib/histogram/histogram.cc}), and one beyond at either end. Empty
 * buckets side by side are one, as TensorFlow writes them.
 *
 * @param limits where each bucket ends, exclusive; it begins where the one before ends. The first bucket is empty and
 *     says where the second begins; none but the first is empty at either end
 * @param counts numbers in each bucket
 * @param min least number; 0 where there is none
 * @param max greatest number; 0 where there is none
 * @param count of finite numbers
 * @param sum of them
 * @param sumOfSquares of them
 * @param notFinite how many more numbers there are, infinite or none at all
 */
public record Histogram(double[] limits, double[] counts, double min, double max, long count, double sum,
    double sumOfSquares, long notFinite) {

  private static final double LEAST = 1e-12;
  private static final double GREATEST = 1e20;
  private static final double GROWTH = 1.1;
  /** Of a float's bits so many say nothing of which buckets it may be in: an eighth of an octave is left. */
  private static final int COARSE = 20;

  private static final double[] LIMITS = allLimits();
  /** For the coarse bits of a magnitude the first limit above zero that may be greater. */
  private static final short[] FIRST = firstLimits();

  private static double[] allLimits() {
    double[] positive = new double[1000];
    int count = 0;
    for (double limit = LEAST; limit < GREATEST; limit *= GROWTH) {
      positive[count++] = limit;
    }
    double[] all = new double[2 * count + 2];
    for (int i = 0; i < count; i++) {
      all[count - 1 - i] = -positive[i];
      all[count + 1 + i] = positive[i];
    }
    all[all.length - 1] = Double.MAX_VALUE;
    return all;
  }

  private static int zero() {
    return LIMITS.length / 2 - 1;
  }

  private static short[] firstLimits() {
    short[] first = new short[1 << Integer.SIZE - 1 - COARSE];
    int at = zero() + 1; // magnitudes grow with their bits
    for (int i = 0; i < first.length; i++) {
      float least = Float.intBitsToFloat(i << COARSE);
      while (at < LIMITS.length - 1 && !(LIMITS[at] > least)) {
        at++;
      }
      first[i] = (short) at;
    }
    return first;
  }

  /** Of all elements of an array. */
  public static Histogram of(NDArray values) {
    Sums sums = new Sums();
    values.forEachPart((part, count) -> {
      for (int i = 0; i < count; i++) {
        sums.add(part[i]);
      }
    });
    return sums.histogram();
  }

  /** The bucket that a finite number is in. */
  static int bucket(double value) {
    if (value >= 0) {
      int at = FIRST[Float.floatToRawIntBits(Math.abs((float) value)) >>> COARSE];
      // A double may be rounded up to the next coarse float.
      while (at > zero() + 1 && value < LIMITS[at - 1]) {
        at--;
      }
      while (at < LIMITS.length - 1 && value >= LIMITS[at]) {
        at++;
      }
      return at;
    }
    // Mirrored, but that a limit belongs to the bucket above it.
    int mirrored = 2 * zero() + 1 - bucket(-value);
    return value == LIMITS[mirrored] ? mirrored + 1 : mirrored;
  }

  /** What is counted on the way. */
  private static final class Sums {
    private final long[] counts = new long[LIMITS.length];
    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;
    private long count;
    private double sum;
    private double sumOfSquares;
    private long notFinite;

    void add(double value) {
      if (!Double.isFinite(value)) {
        notFinite++;
        return;
      }
      counts[bucket(value)]++;
      min = Math.min(min, value);
      max = Math.max(max, value);
      count++;
      sum += value;
      sumOfSquares += value * value;
    }

    Histogram histogram() {
      if (count == 0) {
        return new Histogram(new double[] {0}, new double[] {0}, 0, 0, 0, 0, 0, notFinite);
      }
      double[] limits = new double[LIMITS.length + 1];
      double[] shown = new double[LIMITS.length + 1];
      int size = 0;
      // The empty one in front; where there is none, the least double may be its end.
      int last = bucket(max);
      for (int i = bucket(min) - 1; i <= last; i++) {
        double in = i < 0 ? 0 : counts[i];
        if (size > 0 && in == 0 && shown[size - 1] == 0) {
          size--; // of empty ones side by side there is one
        }
        limits[size] = i < 0 ? -Double.MAX_VALUE : LIMITS[i];
        shown[size++] = in;
      }
      return new Histogram(Arrays.copyOf(limits, size), Arrays.copyOf(shown, size), min, max, count, sum, sumOfSquares,
          notFinite);
    }
  }
}
