package dev.ashlar.model;

import dev.ashlar.autodiff.Gradients;
import dev.ashlar.tensor.Graph;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.Tensors;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Makes the objective of an optimizer from a traced loss. */
public final class Objectives {

  private Objectives() {}

  /**
   * Loss and gradients as functions of the parameters.
   *
   * @param loss a traced scalar
   * @param parameters the leaves to be improved, by path
   */
  public static Optimizer.Objective of(Tensor loss, Tensors parameters) {
    return at -> {
      Tensor there = loss;
      if (at.asMap().entrySet().stream().anyMatch(value -> value.getValue() != parameters.get(value.getKey()))) {
        Map<Tensor, Tensor> values = new IdentityHashMap<>();
        at.asMap().forEach((path, value) -> values.put(parameters.get(path), value));
        there = Graph.of(List.of(loss)).substitute(values).getFirst();
      }
      return new Optimizer.Evaluation(there, Gradients.of(there, at));
    };
  }
}
