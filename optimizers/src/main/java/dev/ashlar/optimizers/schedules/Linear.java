package dev.ashlar.optimizers.schedules;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.model.Schedule;
import dev.ashlar.tensor.Tensor;

/** Up to the peak in {@code warmup} steps, then down to the floor along a straight line. */
@Name("linear")
@Doc("up to the peak, then down to the floor, along straight lines")
public record Linear(
    @Doc("the largest value") @Range(above = 0) double peak,
    @Doc("steps before the peak") @Default("0") @Range(atLeast = 0) int warmup,
    @Doc("the value at the end") @Default("0") @Range(atLeast = 0) double floor)
    implements Schedule {

  /** Refuses a way down to what is higher. */
  public Linear {
    Ramp.requireDown("floor", floor, "peak", peak);
  }

  @Override
  public Tensor at(Progress progress) {
    Tensor falling = Ramp.done(warmup, progress).mul(floor - peak).add(peak);
    return Ramp.warm(peak, warmup, progress, falling);
  }
}
