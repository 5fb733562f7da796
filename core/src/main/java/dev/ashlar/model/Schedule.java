package dev.ashlar.model;

import dev.ashlar.api.Stable;
import dev.ashlar.config.Shorthand;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Tensor;
import java.util.Optional;
import java.util.function.Function;

/**
 * A number that changes as training goes on, such as the learning rate: computed in the graph. In a configuration, a
 * number alone stands for the implementation named {@code constant}.
 */
@Stable
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
   * @param feedback how good the model has become; absent where nobody measures
   */
  record Progress(Tensor step, long total, Optional<Feedback> feedback) {

    /** Where nobody measures. */
    public Progress(Tensor step, long total) {
      this(step, total, Optional.empty());
    }
  }

  /** For schedules that heed results. The host writes what it has measured into variables, between updates. */
  interface Feedback {

    /** How often was measured, an i32 scalar: 0 at first, usually one more after each epoch. */
    Tensor measurements();

    /** What was measured last, an f32 scalar, smaller for a better model. */
    Tensor latest();

    /**
     * A value with a memory. For all who ask with equal keys it is made once, so that several parameters, or
     * optimizers, share one memory.
     *
     * @param key the schedule itself
     * @param make from a scope with slots of its own
     */
    Tensor remembered(Schedule key, Function<Scope, Tensor> make);
  }
}
