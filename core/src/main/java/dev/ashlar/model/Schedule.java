package dev.ashlar.model;

import dev.ashlar.config.Shorthand;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Tensor;

/**
 * A number that changes as training goes on, such as the learning rate: computed in the graph. In a configuration, a
 * number alone stands for the implementation named {@code constant}.
 */
@Shorthand(number = "constant")
@FunctionalInterface
public interface Schedule {

  /** The value at a step: a scalar f32. */
  Tensor at(Progress progress);

  /** One value throughout. */
  static Schedule constant(double value) {
    return progress -> Tensor.scalar(DType.F32, value);
  }

  /**
   * How far training has come.
   *
   * @param step number of updates made before this one, an i32 scalar
   * @param total number of updates in the whole run
   */
  record Progress(Tensor step, long total) {}
}
