package dev.ashlar.optimizers.schedules;

import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.model.Schedule;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Tensor;

/** One value throughout; a number alone stands for it. */
@Name("constant")
@Doc("one value throughout")
public record Constant(@Doc("the value") @Range(atLeast = 0) double value) implements Schedule {

  /** Refuses what is no number to multiply with. */
  public Constant {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("a finite number");
    }
  }

  @Override
  public Tensor at(Progress progress) {
    return Tensor.scalar(DType.F32, value);
  }
}
