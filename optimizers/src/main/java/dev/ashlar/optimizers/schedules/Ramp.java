package dev.ashlar.optimizers.schedules;

import dev.ashlar.config.MisplacedException;
import dev.ashlar.model.Schedule.Progress;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Tensor;
import java.util.List;

/** What schedules with a warm-up and a way down have in common. */
final class Ramp {

  private Ramp() {}

  /**
   * Refuses a way down to what is higher.
   *
   * @param component whose value is where it ends
   * @param start where it begins
   * @param beginning the component that says so
   */
  static void requireDown(String component, double floor, String beginning, double start) {
    if (floor > start) {
      throw new MisplacedException(List.of(new MisplacedException.Mistake(List.of(component), "the number " + floor,
          "at most '" + beginning + "', which is " + start, "")));
    }
  }

  /** From near 0 up to the peak at step {@code warmup}, then {@code after}. */
  static Tensor warm(double peak, int warmup, Progress progress, Tensor after) {
    if (warmup == 0) {
      return after;
    }
    Tensor step = progress.step();
    Tensor rising = step.cast(DType.F32).add(1).mul(peak / (warmup + 1.0));
    return step.lt(warmup).where(rising, after);
  }

  /** How much of the way from step {@code warmup} to the end is done: 0 to 1. */
  static Tensor done(int warmup, Progress progress) {
    double steps = Math.max(1, progress.total() - warmup);
    return progress.step().cast(DType.F32).sub(warmup).mul(1 / steps).maximum(0).minimum(1);
  }
}
