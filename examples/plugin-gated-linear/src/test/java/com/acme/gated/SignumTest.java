package com.acme.gated;

import dev.ashlar.model.Optimizer;
import dev.ashlar.optimizers.schedules.Linear;
import dev.ashlar.testkit.OptimizerContract;
import java.util.List;

class SignumTest extends OptimizerContract {
  @Override
  protected List<Optimizer> optimizers() {
    // Steps of equal length come to rest only if they shrink.
    return List.of(new Signum(new Linear(0.05, 0, 0), 0.9, 0));
  }
}
