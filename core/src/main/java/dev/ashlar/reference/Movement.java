package dev.ashlar.reference;

import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Shape;
import java.util.List;

/** Elements in other places: each result element is copied, bit for bit, from the place it comes from. */
final class Movement {

  private Movement() {}

  static void iota(Op.Iota op, NDArray out) {
    Index.each(out.shape(), (index, at) -> out.setLong(at, index[op.axis()]));
  }

  static void permute(Op.Permute op, NDArray x, NDArray out) {
    long[] from = x.shape().strides();
    long[] strides = op.order().stream().mapToLong(axis -> from[axis]).toArray();
    Index.each(out.shape(), (index, at) -> Index.copy(x, Index.offset(index, strides), out, at));
  }

  static void broadcast(NDArray x, NDArray out) {
    long[] strides = stretched(x.shape());
    Index.each(out.shape(), (index, at) -> Index.copy(x, Index.offset(index, strides), out, at));
  }

  /** Strides that stay in place along axes of extent 1. */
  static long[] stretched(Shape shape) {
    long[] strides = shape.strides();
    for (int i = 0; i < strides.length; i++) {
      strides[i] = shape.dim(i) == 1 ? 0 : strides[i];
    }
    return strides;
  }

  static void slice(Op.Slice op, NDArray x, NDArray out) {
    long[] strides = x.shape().strides();
    Index.each(out.shape(), (index, at) -> {
      long from = 0;
      for (int i = 0; i < index.length; i++) {
        from += (op.starts().get(i) + (long) index[i] * op.strides().get(i)) * strides[i];
      }
      Index.copy(x, from, out, at);
    });
  }

  static void flip(Op.Flip op, NDArray x, NDArray out) {
    long[] strides = x.shape().strides();
    Index.each(out.shape(), (index, at) -> {
      long to = 0;
      for (int i = 0; i < index.length; i++) {
        to += (op.axes().contains(i) ? x.shape().dim(i) - 1 - index[i] : index[i]) * strides[i];
      }
      Index.copy(x, at, out, to);
    });
  }

  static void dynamicSlice(NDArray x, List<NDArray> starts, NDArray out) {
    long[] strides = x.shape().strides();
    long start = start(x.shape(), starts, out.shape());
    Index.each(out.shape(), (index, at) -> Index.copy(x, start + Index.offset(index, strides), out, at));
  }

  static void dynamicUpdate(NDArray x, NDArray update, List<NDArray> starts, NDArray out) {
    long[] strides = x.shape().strides();
    long start = start(x.shape(), starts, update.shape());
    out.data().copyFrom(x.data());
    Index.each(update.shape(), (index, at) ->
        Index.copy(update, at, out, start + Index.offset(index, strides)));
  }

  /** Row-major position where a window starts, clamped so that it fits. */
  private static long start(Shape shape, List<NDArray> starts, Shape window) {
    int[] index = new int[shape.rank()];
    for (int i = 0; i < index.length; i++) {
      index[i] = Math.clamp(starts.get(i).getLong(0), 0, shape.dim(i) - window.dim(i));
    }
    return Index.offset(index, shape.strides());
  }

  static void pad(Op.Pad op, NDArray x, NDArray out) {
    for (long i = 0; i < out.size(); i++) {
      out.set(i, op.value());
    }
    long[] strides = out.shape().strides();
    Index.each(x.shape(), (index, at) -> {
      long to = 0;
      for (int i = 0; i < index.length; i++) {
        to += (op.low().get(i) + (long) index[i] * (op.interior().get(i) + 1)) * strides[i];
      }
      Index.copy(x, at, out, to);
    });
  }

  static void concat(int axis, List<NDArray> parts, NDArray out) {
    long[] strides = out.shape().strides();
    long start = 0;
    for (NDArray part : parts) {
      long from = start;
      Index.each(part.shape(), (index, at) ->
          Index.copy(part, at, out, from + Index.offset(index, strides)));
      start += part.shape().dim(axis) * strides[axis];
    }
  }
}
