package dev.ashlar.tensor;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The gradient of a {@link Op.Composite}, said in tensor maths. */
@FunctionalInterface
public interface CompositeGradient {

  /**
   * Gradients with respect to the operands.
   *
   * @param node the composite: operands, attributes and outputs
   * @param outputGradients one for each output; null where the loss does not depend on it
   * @return one for each operand, of its type; null where there is none
   */
  List<@Nullable Tensor> gradients(Node node, List<@Nullable Tensor> outputGradients);
}
