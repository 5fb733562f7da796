package com.acme.gated;

import dev.ashlar.testkit.LayerContract;
import dev.ashlar.testkit.LayerExample;
import java.util.List;

class LeakySumTest extends LayerContract {
  @Override
  protected List<LayerExample> examples() {
    return List.of(
        LayerExample.of(new LeakySum(0.5), 2, 6).gives(2, 6).parameters(0),
        LayerExample.of(new LeakySum(0.9), 2, 3, 4).gives(2, 3, 4));
  }
}
