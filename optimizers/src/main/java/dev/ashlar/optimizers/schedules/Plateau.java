package dev.ashlar.optimizers.schedules;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.model.Initializer;
import dev.ashlar.model.Schedule;
import dev.ashlar.model.Scope;
import dev.ashlar.model.State;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;

/**
 * Smaller whenever the monitored measure has not become better for some epochs: {@code
 * torch.optim.lr_scheduler.ReduceLROnPlateau}. What is monitored is said where epochs are compared ({@code
 * train.monitor}): on the validation part if there is one.
 */
@Name("plateau")
@Doc("smaller whenever the monitored measure has not become better for some epochs")
public record Plateau(
    @Doc("the first value") @Range(above = 0) double initial,
    @Doc("what the value is multiplied by") @Default("0.1") @Range(above = 0, below = 1) double factor,
    @Doc("epochs without a better one that are put up with") @Default("10") @Range(atLeast = 0) int patience,
    @Doc("share by which a measure must be better to count as such")
        @Default("1e-4") @Range(atLeast = 0) double threshold,
    @Doc("epochs after a reduction that do not count") @Default("0") @Range(atLeast = 0) int cooldown,
    @Doc("the smallest value") @Default("0") @Range(atLeast = 0) double minimum)
    implements Schedule {

  /** Refuses a way down to what is higher. */
  public Plateau {
    Ramp.requireDown("minimum", minimum, "initial", initial);
  }

  private static final TensorType NUMBER = TensorType.of(DType.F32);
  private static final TensorType COUNT = TensorType.of(DType.I32);

  /** With the usual settings. */
  public static Plateau of(double initial) {
    return new Plateau(initial, 0.1, 10, 1e-4, 0, 0);
  }

  @Override
  public Tensor at(Progress progress) {
    return progress.feedback().map(feedback -> feedback.remembered(this, scope -> heeding(feedback, scope)))
        .orElseGet(() -> Tensor.full(NUMBER, initial));
  }

  /** The value after what was measured since the last update. */
  private Tensor heeding(Feedback feedback, Scope scope) {
    State value = scope.slot("value", NUMBER, (type, fans, key) -> Tensor.full(type, initial));
    State best = scope.slot("best", NUMBER, Initializer.ZEROS);
    State bad = count("bad", scope);
    State resting = count("resting", scope);
    State heeded = count("heeded", scope);

    Tensor isNew = feedback.measurements().gt(heeded.value());
    Tensor margin = best.value().abs().mul(threshold);
    Tensor isBetter = heeded.value().eq(0).or(feedback.latest().lt(best.value().sub(margin)));
    Tensor zero = Tensor.zeros(COUNT);
    Tensor rests = resting.value().gt(zero);
    Tensor worse = isBetter.or(rests).where(zero, bad.value().add(1));
    Tensor isTooMuch = isNew.and(worse.gt(patience));
    Tensor rest = isTooMuch.where(Tensor.full(COUNT, cooldown), resting.value().sub(1).maximum(0));
    Tensor reduced = isTooMuch.where(value.value().mul(factor).maximum(minimum), value.value());

    best.set(isNew.and(isBetter).where(feedback.latest(), best.value()));
    bad.set(isNew.where(isTooMuch.where(zero, worse), bad.value()));
    resting.set(isNew.where(rest, resting.value()));
    heeded.set(feedback.measurements());
    value.set(reduced);
    return reduced;
  }

  private static State count(String name, Scope scope) {
    return scope.slot(name, COUNT, Initializer.ZEROS);
  }
}
