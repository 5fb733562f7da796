package com.acme.quantum;

import dev.ashlar.tensor.CustomOp;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Node;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The operation of {@link QuantumCircuit}: a circuit of entangled qubits is no tensor maths of reasonable size. Shapes:
 * x [.., qubits], angles [layers, qubits, 2] -> [.., qubits].
 */
record CircuitOp(int layers) implements CustomOp {

  /** A state has 2 to this power numbers, for each example. */
  private static final int MOST_QUBITS = 12;

  @Override
  public String name() {
    return "quantum:circuit";
  }

  @Override
  public List<TensorType> outputTypes(List<TensorType> operands) {
    TensorType x = operands.get(0);
    TensorType angles = operands.get(1);
    boolean fits = x.shape().rank() > 0 && x.dtype().isFloating() && x.shape().dim(-1) <= MOST_QUBITS
        && angles.equals(TensorType.of(x.dtype(), layers, x.shape().dim(-1), 2));
    if (!fits) {
      throw new ShapeException(name(), "floating-point numbers [.., qubits], 1 to " + MOST_QUBITS
          + " qubits, and angles [" + layers + ", qubits, 2]", x + " and " + angles);
    }
    return List.of(x);
  }

  @Override
  public void evaluate(List<NDArray> operands, List<NDArray> outputs) {
    double[] angles = operands.get(1).toDoubles();
    NDArray x = operands.get(0);
    int qubits = x.shape().dim(-1);
    Circuit circuit = new Circuit(qubits, layers);
    for (long row = 0; row < x.size() / qubits; row++) {
      circuit.run(Rows.read(x, row, qubits), angles);
      Rows.write(outputs.getFirst(), row, circuit.measured());
    }
  }

  @Override
  public List<@Nullable Tensor> gradients(Node node, List<@Nullable Tensor> outputGradients) {
    Tensor x = node.inputs().get(0);
    Tensor angles = node.inputs().get(1);
    return List.copyOf(Node.of(new Op.Custom(new Gradient(layers), List.of(x, angles, outputGradients.getFirst())))
        .outputs());
  }

  /** Gradients of all inputs and angles by one way back through the circuit: the adjoint method. */
  record Gradient(int layers) implements CustomOp {

    @Override
    public String name() {
      return "quantum:circuit_gradient";
    }

    @Override
    public List<TensorType> outputTypes(List<TensorType> operands) {
      return List.of(operands.get(0), operands.get(1));
    }

    @Override
    public void evaluate(List<NDArray> operands, List<NDArray> outputs) {
      double[] angles = operands.get(1).toDoubles();
      NDArray x = operands.get(0);
      int qubits = x.shape().dim(-1);
      Circuit circuit = new Circuit(qubits, layers);
      double[] ofAngles = new double[angles.length]; // summed over examples
      for (long row = 0; row < x.size() / qubits; row++) {
        double[] inputs = Rows.read(x, row, qubits);
        circuit.run(inputs, angles);
        double[] ofInputs = new double[qubits];
        circuit.back(inputs, angles, Rows.read(operands.get(2), row, qubits), ofInputs, ofAngles);
        Rows.write(outputs.get(0), row, ofInputs);
      }
      Rows.write(outputs.get(1), 0, ofAngles);
    }
  }

  /** Rows of arrays. */
  private static final class Rows {

    static double[] read(NDArray array, long row, int width) {
      double[] values = new double[width];
      for (int i = 0; i < width; i++) {
        values[i] = array.get(row * width + i);
      }
      return values;
    }

    static void write(NDArray array, long row, double[] values) {
      for (int i = 0; i < values.length; i++) {
        array.set(row * values.length + i, values[i]);
      }
    }
  }
}
