package dev.ashlar.autodiff;

import dev.ashlar.api.Experimental;
import dev.ashlar.tensor.Graph;
import dev.ashlar.tensor.Node;
import dev.ashlar.tensor.Origin;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.Tensors;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reverse-mode differentiation. Gradients are tensors like any other: they can be differentiated
 * again.
 */
@Experimental(since = "0.1")
public final class Gradients {

  private Gradients() {}

  /**
   * Gradients of a scalar.
   *
   * @param loss a floating-point scalar
   * @param wrt with respect to what
   * @return one tensor for each of {@code wrt}, of its type; zeros where the loss does not depend on it
   */
  public static List<Tensor> of(Tensor loss, List<Tensor> wrt) {
    if (!loss.shape().equals(Shape.SCALAR)) {
      throw new ShapeException("gradient", "a scalar loss", loss.type().toString());
    }
    return vjp(List.of(loss), List.of(Tensor.full(loss.type(), 1)), wrt);
  }

  /** Gradients of a scalar with respect to named tensors, under the same names. */
  public static Tensors of(Tensor loss, Tensors wrt) {
    List<Tensor> gradients = of(loss, wrt.values());
    int[] next = {0};
    return wrt.map((name, tensor) -> gradients.get(next[0]++));
  }

  /**
   * Vector-Jacobian products: the gradients of the sum of {@code outputs[i] * cotangents[i]}.
   *
   * @param cotangents one for each output, of its type
   */
  public static List<Tensor> vjp(List<Tensor> outputs, List<Tensor> cotangents, List<Tensor> wrt) {
    List<Node> nodes = Graph.of(outputs).nodes();
    Set<Node> active = dependents(nodes, wrt);
    Map<Tensor, Tensor> gradients = new IdentityHashMap<>();
    for (int i = 0; i < outputs.size(); i++) {
      gradients.merge(outputs.get(i), cotangents.get(i), Tensor::add);
    }
    for (Node node : nodes.reversed()) {
      List<@Nullable Tensor> incoming = new ArrayList<>();
      node.outputs().forEach(output -> incoming.add(gradients.get(output)));
      if (!active.contains(node) || incoming.stream().allMatch(g -> g == null)) {
        continue;
      }
      List<Tensor> operands = node.inputs();
      List<@Nullable Tensor> outgoing =
          Origin.within(node.origin().path(), () -> Derivatives.of(node, incoming));
      for (int i = 0; i < operands.size(); i++) {
        Tensor operand = operands.get(i);
        Tensor gradient = outgoing.get(i);
        if (gradient != null && active.contains(operand.node())) {
          Origin.within(
              node.origin().path(), () -> gradients.merge(operand, gradient, Tensor::add));
        }
      }
    }
    return wrt.stream()
        .map(tensor -> {
          Tensor gradient = gradients.get(tensor);
          return gradient != null ? gradient : Tensor.zeros(tensor.type());
        })
        .toList();
  }

  /** The nodes through which {@code wrt} reaches the outputs. */
  private static Set<Node> dependents(List<Node> nodes, List<Tensor> wrt) {
    Set<Node> active = new HashSet<>();
    wrt.forEach(tensor -> active.add(tensor.node()));
    for (Node node : nodes) {
      if (node.inputs().stream().anyMatch(operand -> active.contains(operand.node()))) {
        active.add(node);
      }
    }
    return active;
  }
}
