package dev.ashlar.reference;

import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Shape;

/** Sums of products. */
final class Contractions {

  private Contractions() {}

  /** [B.., m, k] times [B.., k, n]. */
  static void matMul(NDArray a, NDArray b, NDArray out) {
    int m = a.shape().dim(-2);
    int k = a.shape().dim(-1);
    int n = b.shape().dim(-1);
    Sums sums = Sums.of(out.dtype(), out.size());
    for (long row = 0; n > 0 && row < out.size() / n; row++) {
      long batch = row / m;
      for (int i = 0; i < k; i++) {
        for (int j = 0; j < n; j++) {
          sums.addProduct(row * n + j, a, row * k + i, b, (batch * k + i) * n + j);
        }
      }
    }
    sums.store(out);
  }

  /** x [n, groups * c, S..], kernel [o, c, K..], out [n, o, P..]. */
  static void conv(Op.Conv op, NDArray x, NDArray kernel, NDArray out) {
    Shape inner = kernel.shape().slice(1, kernel.shape().rank()); // [c, K..]
    int channels = kernel.shape().dim(1);
    int perGroup = kernel.shape().dim(0) / op.groups();
    long[] strides = x.shape().strides();
    int[] place = new int[x.shape().rank()];
    Sums sums = Sums.of(out.dtype(), out.size());
    Index.each(out.shape(), (o, to) ->
        Index.each(inner, (k, at) -> {
          place[0] = o[0];
          place[1] = o[1] / perGroup * channels + k[0];
          if (Pooling.place(op.window(), x.shape(), o, k, 1, place)) {
            sums.addProduct(to, x, Index.offset(place, strides), kernel, o[1] * inner.size() + at);
          }
        }));
    sums.store(out);
  }
}
