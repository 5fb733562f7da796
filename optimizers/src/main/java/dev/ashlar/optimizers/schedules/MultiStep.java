package dev.ashlar.optimizers.schedules;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.model.Schedule;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Tensor;
import java.util.List;

/** Multiplied by {@code gamma} at each of some steps: {@code torch.optim.lr_scheduler.MultiStepLR}, in updates. */
@Name("multi_step")
@Doc("multiplied by a factor at each of some steps")
public record MultiStep(
    @Doc("the first value") @Range(above = 0) double initial,
    @Doc("the steps, from which on the value is another") @Range(atLeast = 1) List<Integer> milestones,
    @Doc("what the value is multiplied by") @Default("0.1") @Range(above = 0) double gamma)
    implements Schedule {

  /** Copies the list. */
  public MultiStep {
    milestones = List.copyOf(milestones);
  }

  @Override
  public Tensor at(Progress progress) {
    Tensor passed = Tensor.scalar(DType.F32, 0);
    for (int milestone : milestones) {
      passed = passed.add(progress.step().ge(milestone).cast(DType.F32));
    }
    return passed.mul(Math.log(gamma)).exp().mul(initial);
  }
}
