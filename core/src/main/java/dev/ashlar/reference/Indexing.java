package dev.ashlar.reference;

import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;

/** Rows by number: data [B.., n, R..], indices [B.., I..], rows [B.., I.., R..]. */
final class Indexing {

  private Indexing() {}

  static void gather(int batch, NDArray data, NDArray indices, NDArray out) {
    // Where an index is outside, the row keeps the zeros it was allocated with.
    eachRow(batch, data.shape(), indices, (from, row, length) -> {
      for (long i = 0; i < length; i++) {
        Index.copy(data, from * length + i, out, row * length + i);
      }
    });
  }

  static void scatterAdd(int batch, NDArray base, NDArray indices, NDArray updates, NDArray out) {
    Sums sums = Sums.of(base.dtype(), base.size());
    for (long i = 0; i < base.size(); i++) {
      sums.add(i, base, i);
    }
    eachRow(batch, base.shape(), indices, (to, row, length) -> {
      for (long i = 0; i < length; i++) {
        sums.add(to * length + i, updates, row * length + i);
      }
    });
    sums.store(out);
  }

  @FunctionalInterface
  private interface Row {
    /**
     * @param named number of the row in the data, counted through all batches
     * @param row number of the index, counted likewise
     * @param length elements in a row
     */
    void visit(long named, long row, long length);
  }

  /** Visits the indices that name a row, in order. */
  private static void eachRow(int batch, Shape data, NDArray indices, Row visitor) {
    int rows = data.dim(batch);
    long length = Index.size(data, batch + 1, data.rank());
    long each = Index.size(indices.shape(), batch, indices.shape().rank());
    for (long i = 0; i < indices.size(); i++) {
      long index = indices.getLong(i);
      if (index >= 0 && index < rows) {
        visitor.visit(i / each * rows + index, i, length);
      }
    }
  }
}
