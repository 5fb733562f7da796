package dev.ashlar.tensor;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An operation that cannot be said in tensor maths (a simulator, a table look-up in foreign code).
 * Backends without a kernel of their own for {@link #name()} run {@link #evaluate}. Implementations
 * are pure and have value equality; a record is the natural form.
 */
public interface CustomOp {

  /** Unique name, for example {@code acme:quantum_circuit}. */
  String name();

  /**
   * Types of the outputs for operands of the given types.
   *
   * @throws ShapeException if the operands do not fit
   */
  List<TensorType> outputTypes(List<TensorType> operands);

  /**
   * Computes the outputs; called from any thread.
   *
   * @param operands values, not to be written
   * @param outputs to be filled, of the types that {@link #outputTypes} gave
   */
  void evaluate(List<NDArray> operands, List<NDArray> outputs);

  /**
   * Gradients with respect to the operands, as tensor maths or by another custom operation.
   *
   * @param node this operation's node: operands and outputs
   * @param outputGradients one for each output; null where the loss does not depend on it
   * @return one for each operand, of its type; null where there is none
   */
  default List<@Nullable Tensor> gradients(Node node, List<@Nullable Tensor> outputGradients) {
    throw new UnsupportedOperationException("custom operation '" + name() + "' has no gradient");
  }
}
