package dev.ashlar.model;

import dev.ashlar.api.Stable;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import java.util.Optional;

/** What training makes small. */
@Stable
@FunctionalInterface
public interface Loss {

  /**
   * The loss of a batch: a floating-point scalar, a mean over examples that obeys their weights (see
   * {@link Batch#mean}).
   *
   * @param outputs what the model gave; the first is the main one
   * @param batch what it was given, targets and weights included
   */
  Tensor of(Tensors outputs, Batch batch);

  /**
   * How the main output becomes the probabilities that it was trained to give; numbers are what they are.
   *
   * @param output type of the main output, the batch as its first axis
   * @param target type of the targets likewise; that of the output if there are none
   */
  default Link link(TensorType output, TensorType target) {
    return Link.IDENTITY;
  }

  /**
   * What the mean is taken over, a floating-point scalar, where that is not the sum of the examples' weights. Means of
   * several batches count by it, so that they make the mean of one large batch.
   *
   * @param outputs as {@link #of} gets them
   * @param batch as {@link #of} gets it
   */
  default Optional<Tensor> weight(Tensors outputs, Batch batch) {
    return Optional.empty();
  }
}
