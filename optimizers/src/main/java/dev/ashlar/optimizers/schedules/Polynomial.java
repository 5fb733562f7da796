package dev.ashlar.optimizers.schedules;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.model.Schedule;
import dev.ashlar.tensor.Tensor;

/**
 * From the first value to the floor along (1 - done)^power: {@code torch.optim.lr_scheduler.PolynomialLR}, counted in
 * updates.
 */
@Name("polynomial")
@Doc("down to the floor along a power of what is left to do")
public record Polynomial(
    @Doc("the first value") @Range(above = 0) double initial,
    @Doc("1 for a line, 2 for a parabola") @Default("1") @Range(above = 0) double power,
    @Doc("the value at the end") @Default("0") @Range(atLeast = 0) double floor)
    implements Schedule {

  /** Refuses a way down to what is higher. */
  public Polynomial {
    Ramp.requireDown("floor", floor, "initial", initial);
  }

  @Override
  public Tensor at(Progress progress) {
    Tensor left = Ramp.done(0, progress).neg().add(1);
    return left.pow(power).mul(initial - floor).add(floor);
  }
}
