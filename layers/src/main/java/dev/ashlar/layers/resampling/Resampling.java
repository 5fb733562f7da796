package dev.ashlar.layers.resampling;

import dev.ashlar.layers.shapes.Inputs;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Spatial axes stretched or shrunk, as PyTorch's {@code interpolate} does: element i of n covers [i, i + 1) / n of an
 * axis, and is read at its middle.
 *
 * @param layer its name in messages
 * @param alignCorners whether, for linear, the first and the last elements keep their places instead
 */
record Resampling(String layer, Interpolation mode, boolean alignCorners) {

  /** So many times as large along each spatial axis. */
  Tensor enlarged(Tensor x, List<Integer> factors) {
    Inputs.spatial(layer, x, factors.size());
    return resized(x, IntStream.range(0, factors.size()).mapToObj(i -> factors.get(i) * x.dim(i + 2)).toList());
  }

  /** x [batch, channels, S..] to [batch, channels, size..]. */
  Tensor resized(Tensor x, List<Integer> size) {
    Inputs.spatial(layer, x, size.size());
    if (mode == Interpolation.LINEAR) {
      Inputs.real(layer, x);
    }
    Tensor y = x;
    for (int i = 0; i < size.size(); i++) {
      if (y.dim(i + 2) != size.get(i)) {
        y = mode == Interpolation.NEAREST ? nearest(y, i + 2, size.get(i)) : linear(y, i + 2, size.get(i));
      }
    }
    return y;
  }

  private static Tensor nearest(Tensor x, int axis, int size) {
    int extent = x.dim(axis);
    if (size % extent == 0) {
      Shape each = x.shape().insert(axis + 1, 1);
      return x.reshape(each).broadcastTo(each.with(axis + 1, size / extent)).reshape(x.shape().with(axis, size));
    }
    if (extent % size == 0) {
      List<Integer> strides = new ArrayList<>(Collections.nCopies(x.rank(), 1));
      strides.set(axis, extent / size);
      List<Integer> limits = IntStream.of(x.shape().dims()).boxed().toList();
      return Tensor.apply(new Op.Slice(x, Collections.nCopies(x.rank(), 0), limits, strides));
    }
    return taken(x, axis, IntStream.range(0, size).map(i -> (int) ((long) i * extent / size)).toArray());
  }

  private Tensor linear(Tensor x, int axis, int size) {
    int extent = x.dim(axis);
    if (size % extent == 0 && !alignCorners) {
      return between(x, axis, size / extent);
    }
    int[] before = new int[size];
    int[] after = new int[size];
    double[] share = new double[size];
    for (int i = 0; i < size; i++) {
      double at = alignCorners ? i * (extent - 1.0) / Math.max(1, size - 1)
          : Math.max(0, (i + 0.5) * extent / size - 0.5);
      before[i] = Math.min((int) at, extent - 1);
      after[i] = Math.min(before[i] + 1, extent - 1);
      share[i] = at - before[i];
    }
    Tensor weight = along(share, axis, x);
    return taken(x, axis, before).mul(weight.neg().add(1)).add(taken(x, axis, after).mul(weight));
  }

  /** Every element becomes {@code factor} elements, the first half of them nearer to the one before it. */
  private static Tensor between(Tensor x, int axis, int factor) {
    int extent = x.dim(axis);
    Shape apart = x.shape().insert(axis + 1, 1); // [.., extent, 1, ..], to become [.., extent, factor, ..]
    Tensor first = x.slice(axis, 0, 1);
    Tensor last = x.slice(axis, extent - 1, extent);
    Tensor before = Tensor.concat(List.of(first, x.slice(axis, 0, extent - 1)), axis).reshape(apart);
    Tensor after = Tensor.concat(List.of(x.slice(axis, 1, extent), last), axis).reshape(apart);
    Tensor here = x.reshape(apart);
    double[] offset = IntStream.range(0, factor).mapToDouble(i -> (i + 0.5) / factor - 0.5).toArray();
    Tensor shift = along(offset, axis + 1, here);
    Tensor share = shift.abs();
    Tensor other = shift.lt(0).where(before, after);
    return here.mul(share.neg().add(1)).add(other.mul(share)).reshape(x.shape().with(axis, extent * factor));
  }

  /** Numbers along one axis of something like x, the other axes 1. */
  private static Tensor along(double[] numbers, int axis, Tensor x) {
    Shape flat = Shape.of(IntStream.range(0, x.rank()).map(i -> 1).toArray());
    return Tensor.constant(NDArray.of(flat.with(axis, numbers.length), numbers).cast(x.dtype()));
  }

  /** Elements of one axis by number. */
  private static Tensor taken(Tensor x, int axis, int[] numbers) {
    int[] toFront = IntStream.range(0, x.rank()).map(i -> i == 0 ? axis : i <= axis ? i - 1 : i).toArray();
    int[] back = IntStream.range(0, x.rank()).map(i -> i < axis ? i + 1 : i == axis ? 0 : i).toArray();
    Tensor indices = Tensor.constant(NDArray.of(Shape.of(numbers.length), numbers));
    return x.permute(toFront).gather(indices).permute(back);
  }
}
