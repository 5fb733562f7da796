package dev.ashlar.autodiff;

import dev.ashlar.api.Experimental;
import dev.ashlar.tensor.Tensor;
import java.util.List;

/**
 * What a {@link dev.ashlar.tensor.CustomOp} implements too if it can take many examples at once; otherwise
 * {@link Vmap} applies it to each example apart.
 */
@Experimental(since = "0.1")
@FunctionalInterface
public interface Batchable {

  /**
   * The operation applied to many examples.
   *
   * @param operands those that are batched have one more axis, in front
   * @param batched which ones are; at least one
   * @return its outputs, each with the examples' axis in front
   */
  List<Tensor> batched(List<Tensor> operands, List<Boolean> batched);
}
