package dev.ashlar.layers.metrics;

import dev.ashlar.layers.losses.Targets;
import dev.ashlar.model.Batch;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Tensor;

/**
 * The classes that logits choose, beside those they should. Where there is a target for each logit (one logit for each
 * example, or several labels), each says yes or no: above 0 is class 1; so is a real target above 0.5. Targets below 0
 * do not count.
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
    Tensor target = batch.target();
    if (!Targets.areYesOrNo(y, target)) {
      Targets.checkClasses(y, target, measure, "mean_absolute_error");
    }
    boolean isYesOrNo = Targets.areYesOrNo(y, target);
    Tensor chosen = isYesOrNo ? y.gt(0).cast(DType.I32) : y.argMax(-1);
    Tensor targets = (isYesOrNo && target.dtype().isFloating() ? target.gt(0.5) : target).cast(DType.I32);
    return new Guesses(chosen.reshape(targets.shape()), targets, counts(targets));
  }

  /** 1 for targets that count, 0 for others: f32. */
  static Tensor counts(Tensor targets) {
    return targets.ge(Tensor.zeros(targets.type())).cast(DType.F32);
  }
}
