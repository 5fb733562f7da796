package dev.ashlar.tensor;

import dev.ashlar.api.Stable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An operation that cannot be said in tensor maths (a simulator, a table look-up in foreign code). It is
 * applied by {@code Node.of(new Op.Custom(definition, operands))}. Backends run a {@code
 * dev.ashlar.program.OperationKernel} for {@link #name} if they are given one, else {@link #evaluate}; the
 * reference backend always runs that. Implementations are pure and have value equality; a record is the
 * natural form. What can be batched over examples implements {@code dev.ashlar.autodiff.Batchable} too.
 */
@Stable
public interface CustomOp {

  /** Unique name, by which kernels are found: plug-in and operation, for example {@code acme:quantum_circuit}. */
  String name();

  /**
   * Types of the outputs, one or more, for operands of the given types; from these and the attributes alone.
   *
   * @param operands in the order of {@link Op.Custom#operands}
   * @throws ShapeException if the operands do not fit
   */
  List<TensorType> outputTypes(List<TensorType> operands);

  /**
   * Computes the outputs; called from any thread, by several at a time. What it throws ends the run.
   *
   * @param operands values, not to be written
   * @param outputs to be filled in full, of the types that {@link #outputTypes} gave; what they hold means nothing
   */
  void evaluate(List<NDArray> operands, List<NDArray> outputs);

  /**
   * Gradients with respect to the operands, as tensor maths or by another custom operation.
   *
   * @param node this operation's node: operands and outputs
   * @param outputGradients one for each output; null where the loss does not depend on it
   * @return one for each operand, of its type; null where there is none
   * @throws UnsupportedOperationException if it has none at all, as long as it does not say otherwise
   */
  default List<@Nullable Tensor> gradients(Node node, List<@Nullable Tensor> outputGradients) {
    throw new UnsupportedOperationException("custom operation '" + name() + "' has no gradient");
  }
}
