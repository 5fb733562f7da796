package dev.ashlar.layers.metrics;

import dev.ashlar.layers.losses.Targets;
import dev.ashlar.model.Batch;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Tensor;

/**
 * The classes that logits choose, beside those they should. With one logit for each target, above 0 is class 1; so is a
 * real target above 0.5. Targets below 0 do not count.
 *
 * @param chosen i32
 * @param targets i32
 * @param counts f32, 1 or 0; all three of the shape of the targets
 */
record Guesses(Tensor chosen, Tensor targets, Tensor counts) {

  /**
   * Reads them off the outputs.
   *
   * @param measure what asks, for messages
   */
  static Guesses of(Tensor y, Batch batch, String measure) {
    Targets.checkClasses(y, batch.target(), measure, "mean_absolute_error");
    Tensor chosen = y.dim(-1) == 1 ? y.gt(0).cast(DType.I32) : y.argMax(-1);
    boolean isNumber = y.dim(-1) == 1 && batch.target().dtype().isFloating();
    Tensor targets = (isNumber ? batch.target().gt(0.5) : batch.target()).cast(DType.I32);
    Tensor counts = targets.ge(Tensor.zeros(targets.type())).cast(DType.F32);
    return new Guesses(chosen.reshape(targets.shape()), targets, counts);
  }
}
