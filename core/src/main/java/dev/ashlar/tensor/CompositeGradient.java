package dev.ashlar.tensor;

import dev.ashlar.api.Experimental;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The gradient of a {@link Op.Composite}, said in tensor maths. Two composites are one only if their gradients are
 * equal: a constant or a record is the natural form, and settings are best read from the node's attributes. A lambda
 * that captures something is equal to itself alone.
 */
@Experimental(since = "0.1")
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
