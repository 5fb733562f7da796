package dev.ashlar.reference;

import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Shape;

/** Combines along axes. */
final class Reductions {

  private Reductions() {}

  static void reduce(Op.ReduceKind kind, NDArray x, NDArray out) {
    switch (kind) {
      case SUM -> {
        Sums sums = Sums.of(x.dtype(), out.size());
        eachPair(x, out, (from, to) -> sums.add(to, x, from));
        sums.store(out);
      }
      case PROD -> product(x, out);
      case MAX -> extreme(Op.BinaryKind.MAX, x, out);
      case MIN -> extreme(Op.BinaryKind.MIN, x, out);
    }
  }

  private static void product(NDArray x, NDArray out) {
    // In doubles and longs of its own, so that there is one rounding.
    if (x.dtype().isFloating()) {
      double[] products = new double[Math.toIntExact(out.size())];
      java.util.Arrays.fill(products, 1);
      eachPair(x, out, (from, to) -> products[(int) to] *= x.get(from));
      java.util.stream.IntStream.range(0, products.length).forEach(i -> out.set(i, products[i]));
    } else {
      long[] products = new long[Math.toIntExact(out.size())];
      java.util.Arrays.fill(products, 1);
      eachPair(x, out, (from, to) -> products[(int) to] *= x.getLong(from));
      java.util.stream.IntStream.range(0, products.length).forEach(i -> out.setLong(i, products[i]));
    }
  }

  private static void extreme(Op.BinaryKind kind, NDArray x, NDArray out) {
    for (long i = 0; i < out.size(); i++) {
      Numbers.setNeutral(kind, out, i);
    }
    if (x.dtype().isFloating()) {
      eachPair(x, out, (from, to) -> out.set(to, Numbers.binary(kind, out.get(to), x.get(from))));
    } else {
      eachPair(x, out, (from, to) ->
          out.setLong(to, Numbers.binary(kind, x.dtype(), out.getLong(to), x.getLong(from))));
    }
  }

  static void cumSum(Op.CumSum op, NDArray x, NDArray out) {
    Shape shape = x.shape();
    int extent = shape.dim(op.axis());
    long inner = Index.size(shape, op.axis() + 1, shape.rank());
    long outer = Index.size(shape, 0, op.axis());
    Sums sums = Sums.of(x.dtype(), outer * inner);
    for (long lane = 0; lane < outer * inner; lane++) {
      for (int step = 0; step < extent; step++) {
        int i = op.reverse() ? extent - 1 - step : step;
        long at = (lane / inner * extent + i) * inner + lane % inner;
        sums.add(lane, x, at);
        sums.store(lane, out, at);
      }
    }
  }

  @FunctionalInterface
  private interface Pair {
    void visit(long from, long to);
  }

  /**
   * Visits every element of {@code x} and the element of {@code out}, of extent 1 where reduced, it falls
   * into.
   */
  private static void eachPair(NDArray x, NDArray out, Pair pair) {
    long[] strides = Movement.stretched(out.shape());
    Index.each(x.shape(), (index, at) -> pair.visit(at, Index.offset(index, strides)));
  }
}
