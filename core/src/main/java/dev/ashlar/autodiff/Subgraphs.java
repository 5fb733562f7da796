package dev.ashlar.autodiff;

import dev.ashlar.tensor.Graph;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Functions as graphs over stand-ins for their operands, and their gradients. */
final class Subgraphs {

  private Subgraphs() {}

  /** A function of operands of the given types as a graph. */
  static Graph of(List<TensorType> types, Function<List<Tensor>, List<Tensor>> function) {
    List<Tensor> parameters = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      parameters.add(parameter("p" + i, types.get(i)));
    }
    return new Graph(parameters, function.apply(parameters));
  }

  /**
   * Gradients of a sub-graph's operands from those of its outputs; null is zero. Taken with respect to the
   * stand-ins: one operand may be made from another, or be the same.
   */
  static List<Tensor> gradients(Graph body, List<Tensor> operands, List<@Nullable Tensor> outputGradients) {
    List<Tensor> results = new ArrayList<>();
    List<Tensor> cotangents = new ArrayList<>();
    List<Tensor> parameters = new ArrayList<>(body.inputs());
    List<Tensor> values = new ArrayList<>(operands);
    for (int i = 0; i < outputGradients.size(); i++) {
      Tensor gradient = outputGradients.get(i);
      if (gradient != null) {
        Tensor cotangent = parameter("g" + i, gradient.type());
        results.add(body.outputs().get(i));
        cotangents.add(cotangent);
        parameters.add(cotangent);
        values.add(gradient);
      }
    }
    return new Graph(parameters, Gradients.vjp(results, cotangents, body.inputs())).inline(values);
  }

  static Tensor parameter(String name, TensorType type) {
    return Tensor.apply(new Op.Input(Op.Role.PARAMETER, name, type));
  }
}
