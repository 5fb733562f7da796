package dev.ashlar.reference;

import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;

/** Many sums side by side, each as exact as two doubles (or a wrapping long) make it. */
interface Sums {

  /** Sums of zero for results of an element type. */
  static Sums of(DType dtype, long count) {
    int size = Math.toIntExact(count);
    return dtype.isFloating() ? new Floating(new double[size], new double[size]) : new Whole(new long[size]);
  }

  /** Adds an element of an array. */
  void add(long sum, NDArray x, long at);

  /** Adds the product of two elements. */
  void addProduct(long sum, NDArray a, long i, NDArray b, long j);

  /** Writes a sum, rounded, as an element of an array. */
  void store(long sum, NDArray out, long at);

  /** Writes all the sums. */
  default void store(NDArray out) {
    for (long i = 0; i < out.size(); i++) {
      store(i, out, i);
    }
  }

  /**
   * A running sum and, apart, the sum of all that its additions and products rounded away.
   *
   * @see <a href="https://doi.org/10.1137/030601818">Ogita, Rump, Oishi: Accurate sum and dot product</a>
   */
  record Floating(double[] sums, double[] lost) implements Sums {

    @Override
    public void add(long sum, NDArray x, long at) {
      add((int) sum, x.get(at));
    }

    @Override
    public void addProduct(long sum, NDArray a, long i, NDArray b, long j) {
      double x = a.get(i);
      double y = b.get(j);
      double product = x * y;
      add((int) sum, product);
      lost[(int) sum] += Math.fma(x, y, -product);
    }

    private void add(int sum, double value) {
      double before = sums[sum];
      double after = before + value;
      double part = after - before;
      lost[sum] += (before - (after - part)) + (value - part);
      sums[sum] = after;
    }

    @Override
    public void store(long sum, NDArray out, long at) {
      double value = sums[(int) sum];
      // Beside an infinity or a NaN the lost part is NaN and means nothing.
      out.set(at, Double.isFinite(value) ? value + lost[(int) sum] : value);
    }
  }

  /** Two's complement, wrapping. */
  record Whole(long[] sums) implements Sums {

    @Override
    public void add(long sum, NDArray x, long at) {
      sums[(int) sum] += x.getLong(at);
    }

    @Override
    public void addProduct(long sum, NDArray a, long i, NDArray b, long j) {
      sums[(int) sum] += a.getLong(i) * b.getLong(j);
    }

    @Override
    public void store(long sum, NDArray out, long at) {
      out.setLong(at, sums[(int) sum]);
    }
  }
}
