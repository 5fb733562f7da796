package dev.ashlar.layers.metrics;

import dev.ashlar.model.Batch;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import java.util.Map;

/** The statistics of a mean over examples. */
final class Mean {

  private Mean() {}

  /** Of a number for each example, [batch, ..]. */
  static Tensors of(Tensor values, Batch batch) {
    return of(values, Tensor.full(TensorType.of(DType.F32, values.dim(0)), 1), batch);
  }

  /** Of numbers that are 0 where {@code counts} is. */
  static Tensors of(Tensor values, Tensor counts, Batch batch) {
    return Tensors.of("sum", batch.sum(values), "count", batch.sum(counts));
  }

  static double result(Map<String, double[]> sums) {
    return sums.get("sum")[0] / sums.get("count")[0];
  }
}
