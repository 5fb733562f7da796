package dev.ashlar.optimizers.schedules;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.model.Schedule;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Tensor;

/**
 * Down from the peak to the floor along half a cosine, again and again: Loshchilov and Hutter, 2017, equation 5, as
 * {@code torch.optim.lr_scheduler.CosineAnnealingWarmRestarts} has it, counted in updates.
 */
@Name("cosine_restarts")
@Doc("down from the peak to the floor along half a cosine, again and again")
public record CosineRestarts(
    @Doc("the largest value") @Range(above = 0) double peak,
    @Doc("steps of the first way down") @Range(atLeast = 1) int period,
    @Doc("how much longer each way down is than the one before") @Default("1") @Range(atLeast = 1) int factor,
    @Doc("the value before a restart") @Default("0") @Range(atLeast = 0) double floor)
    implements Schedule {

  /** Refuses a way down to what is higher. */
  public CosineRestarts {
    Ramp.requireDown("floor", floor, "peak", peak);
  }

  @Override
  public Tensor at(Progress progress) {
    Tensor step = progress.step();
    Tensor since = factor == 1 ? step.rem(Tensor.full(step.type(), period)) : step;
    Tensor length = Tensor.scalar(DType.F32, period);
    long start = period;
    for (long now = period; factor > 1 && start < progress.total(); start += now) {
      now *= factor;
      Tensor isIn = step.ge(start);
      since = isIn.where(step.sub(start), since);
      length = isIn.where(Tensor.scalar(DType.F32, now), length);
    }
    Tensor cosine = since.cast(DType.F32).div(length).mul(Math.PI).cos();
    return cosine.add(1).mul((peak - floor) / 2).add(floor);
  }
}
