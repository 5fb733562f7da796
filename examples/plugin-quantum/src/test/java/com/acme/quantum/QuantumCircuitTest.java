package com.acme.quantum;

import dev.ashlar.layers.initializers.Initializers;
import dev.ashlar.testkit.LayerContract;
import dev.ashlar.testkit.LayerExample;
import java.util.List;

class QuantumCircuitTest extends LayerContract {
  @Override
  protected List<LayerExample> examples() {
    return List.of(
        LayerExample.of(new QuantumCircuit(2, Initializers.GLOROT_UNIFORM), 3, 4).gives(3, 4).parameters(16),
        LayerExample.of(new QuantumCircuit(1, Initializers.GLOROT_UNIFORM), 2, 5, 2).gives(2, 5, 2).parameters(4),
        LayerExample.of(new QuantumCircuit(2, Initializers.GLOROT_UNIFORM), 2, 1).gives(2, 1).parameters(4));
  }
}
