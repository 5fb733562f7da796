package dev.ashlar.layers.losses;

import dev.ashlar.model.Batch;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.Tensor;

/** Targets as a loss needs them. */
final class Targets {

  private Targets() {}

  /** The target in the type and shape of an output: [batch] serves an output [batch, 1]. */
  static Tensor like(Tensor output, Batch batch) {
    Tensor target = batch.target().cast(output.dtype());
    if (target.shape().size() != output.shape().size()) {
      throw new ShapeException("target", output.shape() + " as the output", target.shape().toString());
    }
    return target.reshape(output.shape());
  }
}
