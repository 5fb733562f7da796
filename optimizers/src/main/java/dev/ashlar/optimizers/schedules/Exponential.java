package dev.ashlar.optimizers.schedules;

import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.model.Schedule;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Tensor;

/** Multiplied by {@code gamma} at every step: {@code torch.optim.lr_scheduler.ExponentialLR}, counted in updates. */
@Name("exponential")
@Doc("multiplied by a factor at every step")
public record Exponential(
    @Doc("the first value") @Range(above = 0) double initial,
    @Doc("what the value is multiplied by") @Range(above = 0) double gamma)
    implements Schedule {

  @Override
  public Tensor at(Progress progress) {
    return progress.step().cast(DType.F32).mul(Math.log(gamma)).exp().mul(initial);
  }
}
