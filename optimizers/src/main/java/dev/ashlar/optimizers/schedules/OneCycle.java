package dev.ashlar.optimizers.schedules;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.model.Schedule;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Tensor;

/**
 * Up to the peak and down to next to nothing along halves of a cosine: Smith and Topin, 2019, in the form of {@code
 * torch.optim.lr_scheduler.OneCycleLR}.
 */
@Name("one_cycle")
@Doc("up to the peak, then down to next to nothing")
public record OneCycle(
    @Doc("the largest value") @Range(above = 0) double peak,
    @Doc("share of the steps that go up") @Default("0.3") @Range(above = 0, below = 1) double rising,
    @Doc("the peak over the first value") @Default("25") @Range(atLeast = 1) double start,
    @Doc("the first value over the last") @Default("1e4") @Range(atLeast = 1) double end)
    implements Schedule {

  @Override
  public Tensor at(Progress progress) {
    double top = rising * progress.total() - 1;
    double last = progress.total() - 1;
    double first = peak / start;
    Tensor step = progress.step().cast(DType.F32);
    Tensor up = between(first, peak, step.mul(1 / Math.max(top, 1e-6)));
    Tensor down = between(peak, first / end, step.sub(top).mul(1 / Math.max(last - top, 1e-6)));
    return step.le(top).where(up, down);
  }

  /** From one value to another along half a cosine. */
  private static Tensor between(double from, double to, Tensor done) {
    return done.maximum(0).minimum(1).mul(Math.PI).cos().add(1).mul((from - to) / 2).add(to);
  }
}
