package com.acme.gated;

import dev.ashlar.layers.activations.Activations;
import dev.ashlar.layers.initializers.Initializers;
import dev.ashlar.testkit.LayerContract;
import dev.ashlar.testkit.LayerExample;
import java.util.List;

class GatedLinearTest extends LayerContract {
  @Override
  protected List<LayerExample> examples() {
    return List.of(
        LayerExample.of(new GatedLinear(3, Activations.SIGMOID, Initializers.GLOROT_UNIFORM), 2, 4)
            .gives(2, 3)
            .parameters(24),
        LayerExample.of(new GatedLinear(2, Activations.TANH, Initializers.HE_NORMAL), 2, 5, 4)
            .gives(2, 5, 2)
            .parameters(16));
  }
}
