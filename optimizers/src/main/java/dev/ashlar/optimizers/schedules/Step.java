package dev.ashlar.optimizers.schedules;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.model.Schedule;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Tensor;

/** Multiplied by {@code gamma} every so many steps: {@code torch.optim.lr_scheduler.StepLR}, counted in updates. */
@Name("step")
@Doc("multiplied by a factor every so many steps")
public record Step(
    @Doc("the first value") @Range(above = 0) double initial,
    @Doc("steps with one value") @Range(atLeast = 1) int every,
    @Doc("what the value is multiplied by") @Default("0.1") @Range(above = 0) double gamma)
    implements Schedule {

  @Override
  public Tensor at(Progress progress) {
    Tensor times = progress.step().div(Tensor.full(progress.step().type(), every)).cast(DType.F32);
    return times.mul(Math.log(gamma)).exp().mul(initial);
  }
}
