package dev.ashlar.reference;

import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Op;

/** Element by element. */
final class Pointwise {

  private Pointwise() {}

  static void unary(Op.UnaryKind kind, NDArray x, NDArray out) {
    for (long i = 0; i < out.size(); i++) {
      if (x.dtype().isFloating()) {
        out.set(i, Numbers.unary(kind, x.get(i)));
      } else {
        out.setLong(i, Numbers.unary(kind, x.dtype(), x.getLong(i)));
      }
    }
  }

  static void binary(Op.BinaryKind kind, NDArray a, NDArray b, NDArray out) {
    for (long i = 0; i < out.size(); i++) {
      if (a.dtype().isFloating()) {
        out.set(i, Numbers.binary(kind, a.get(i), b.get(i)));
      } else {
        out.setLong(i, Numbers.binary(kind, a.dtype(), a.getLong(i), b.getLong(i)));
      }
    }
  }

  static void where(NDArray condition, NDArray a, NDArray b, NDArray out) {
    for (long i = 0; i < out.size(); i++) {
      Index.copy(condition.getLong(i) != 0 ? a : b, i, out, i);
    }
  }
}
