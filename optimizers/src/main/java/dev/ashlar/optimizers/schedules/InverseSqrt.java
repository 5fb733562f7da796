package dev.ashlar.optimizers.schedules;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.model.Schedule;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Tensor;

/**
 * Up to the peak in {@code warmup} steps, then down as 1 / sqrt(step): Vaswani et al., 2017, equation 3. It does not
 * depend on the length of the run.
 */
@Name("inverse_sqrt")
@Doc("up to the peak, then down as 1 / sqrt(step)")
public record InverseSqrt(
    @Doc("the largest value") @Range(above = 0) double peak,
    @Doc("steps before the peak") @Default("4000") @Range(atLeast = 1) int warmup)
    implements Schedule {

  @Override
  public Tensor at(Progress progress) {
    Tensor count = progress.step().cast(DType.F32).add(1);
    return count.mul(1.0 / warmup).minimum(count.mul(1.0 / warmup).rsqrt()).mul(peak);
  }
}
