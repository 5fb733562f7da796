package com.acme.quantum;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.model.Initializer;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import java.util.List;

/**
 * A variational circuit with a qubit for each input, simulated: what is measured of each qubit, between -1 and 1.
 * Inputs are angles, given to the circuit again in each of its layers (Pérez-Salinas et al., 2020). Shapes: x [..,
 * qubits] -> [.., qubits]; angles [layers, qubits, 2].
 */
@Name("quantum_circuit")
@Doc("a simulated quantum circuit with a qubit for each input")
public record QuantumCircuit(
    @Doc("how often inputs are turned in and qubits entangled") @Range(atLeast = 1) int layers,
    @Doc("how the angles start") @Default("{uniform: 1.5}") Initializer initializer)
    implements Layer {

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    Tensor angles = scope.parameter("angles", Shape.of(layers, x.dim(-1), 2), initializer);
    return Tensor.apply(new Op.Custom(new CircuitOp(layers), List.of(x, angles)));
  }
}
