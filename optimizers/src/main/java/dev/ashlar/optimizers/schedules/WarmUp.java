package dev.ashlar.optimizers.schedules;

import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.model.Schedule;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Tensor;

/** Any schedule, multiplied by what rises to 1 in the first steps. */
@Name("warm_up")
@Doc("another schedule, but small at first")
public record WarmUp(
    @Doc("steps before the other schedule counts in full") @Range(atLeast = 1) int steps,
    @Doc("the other schedule") Schedule then)
    implements Schedule {

  @Override
  public Tensor at(Progress progress) {
    Tensor share = progress.step().cast(DType.F32).add(1).mul(1.0 / (steps + 1)).minimum(1);
    return then.at(progress).mul(share);
  }
}
