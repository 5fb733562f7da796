package dev.ashlar.reference;

import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Shape;
import java.util.Arrays;
import java.util.Comparator;

/** Orders along an axis. NaN counts as the largest; of equals the first comes first. */
final class Sorting {

  private Sorting() {}

  static void argMax(int axis, NDArray x, NDArray out) {
    Lanes lanes = new Lanes(x.shape(), axis);
    for (long lane = 0; lane < lanes.count(); lane++) {
      int best = 0;
      for (int i = 1; i < lanes.extent; i++) {
        if (Numbers.compare(x, lanes.at(lane, i), x, lanes.at(lane, best)) > 0) {
          best = i;
        }
      }
      out.setLong(lane, best);
    }
  }

  static void sort(Op.Sort op, NDArray x, NDArray values, NDArray positions) {
    select(op.axis(), op.descending(), x, values, positions);
  }

  static void topK(int k, NDArray x, NDArray values, NDArray positions) {
    select(x.shape().rank() - 1, true, x, values, positions);
  }

  /** As many as the results have room for. */
  private static void select(int axis, boolean descending, NDArray x, NDArray values, NDArray positions) {
    Lanes from = new Lanes(x.shape(), axis);
    Lanes to = new Lanes(values.shape(), axis);
    for (long lane = 0; lane < from.count(); lane++) {
      long here = lane;
      Integer[] order = new Integer[from.extent];
      Arrays.setAll(order, i -> i);
      Comparator<Integer> ascending =
          (i, j) -> Numbers.compare(x, from.at(here, i), x, from.at(here, j));
      Arrays.sort(order, descending ? ascending.reversed() : ascending);
      for (int i = 0; i < to.extent; i++) {
        Index.copy(x, from.at(lane, order[i]), values, to.at(lane, i));
        positions.setLong(to.at(lane, i), order[i]);
      }
    }
  }

  /** The rows of elements along one axis. */
  private static final class Lanes {
    final int extent;
    private final long inner;
    private final long outer;

    Lanes(Shape shape, int axis) {
      extent = shape.dim(axis);
      inner = Index.size(shape, axis + 1, shape.rank());
      outer = Index.size(shape, 0, axis);
    }

    long count() {
      return outer * inner;
    }

    long at(long lane, int i) {
      return (lane / inner * extent + i) * inner + lane % inner;
    }
  }
}
