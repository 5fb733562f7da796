package dev.ashlar.reference;

import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Shape;

/** Windows moving over the spatial axes of x [n, c, S..]. */
final class Pooling {

  private Pooling() {}

  static void sum(Op.Pool op, NDArray x, NDArray out) {
    Sums sums = Sums.of(x.dtype(), out.size());
    eachPair(op, x.shape(), out.shape(), (from, to) -> sums.add(to, x, from));
    sums.store(out);
  }

  /** NaN wins; a window that lies in the padding altogether gives the lowest number and position -1. */
  static void max(Op.Pool op, NDArray x, NDArray out, NDArray positions) {
    long area = Index.size(x.shape(), 2, x.shape().rank());
    for (long i = 0; i < out.size(); i++) {
      Numbers.setNeutral(Op.BinaryKind.MAX, out, i);
      positions.setLong(i, -1);
    }
    eachPair(op, x.shape(), out.shape(), (from, to) -> {
      if (positions.getLong(to) < 0 || Numbers.compare(x, from, out, to) > 0) {
        Index.copy(x, from, out, to);
        positions.setLong(to, from % area);
      }
    });
  }

  @FunctionalInterface
  private interface Pair {
    void visit(long from, long to);
  }

  /** Visits, for each result and in row-major order, the elements that its window covers. */
  private static void eachPair(Op.Pool op, Shape x, Shape out, Pair pair) {
    Shape size = Shape.of(op.size().stream().mapToInt(Integer::intValue).toArray());
    long[] strides = x.strides();
    int[] place = new int[x.rank()];
    Index.each(out, (o, to) ->
        Index.each(size, (k, at) -> {
          place[0] = o[0];
          place[1] = o[1];
          if (place(op.window(), x, o, k, 0, place)) {
            pair.visit(Index.offset(place, strides), to);
          }
        }));
  }

  /**
   * Finds the spatial place of {@code x} that an element of a window lies on.
   *
   * @param result index of the result, whose spatial axes start at 2
   * @param element index within the window, whose spatial axes start at {@code first}
   * @param place gets the place, from axis 2 on
   * @return false if it lies in the padding or between dilated elements
   */
  static boolean place(Op.Window window, Shape x, int[] result, int[] element, int first, int[] place) {
    for (int axis = 0; axis < x.rank() - 2; axis++) {
      int dilated = result[axis + 2] * window.stride().get(axis)
          + element[axis + first] * window.kernelDilation().get(axis)
          - window.low().get(axis);
      int dilation = window.inputDilation().get(axis);
      if (dilated < 0 || dilated % dilation != 0 || dilated / dilation >= x.dim(axis + 2)) {
        return false;
      }
      place[axis + 2] = dilated / dilation;
    }
    return true;
  }
}
