package dev.ashlar.model;

import dev.ashlar.api.Stable;
import dev.ashlar.autodiff.Gradients;
import dev.ashlar.autodiff.Remat;
import dev.ashlar.tensor.Graph;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.Tensors;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Makes the objective of an optimizer from a traced loss. */
@Stable
public final class Objectives {

  private Objectives() {}

  /**
   * Loss and gradients as functions of the parameters.
   *
   * @param loss a traced scalar
   * @param parameters the leaves to be improved, by path
   */
  public static Optimizer.Objective of(Tensor loss, Tensors parameters) {
    return of(loss, parameters, List.of());
  }

  /**
   * The same, with values of some parts of the model computed again for the gradients instead of kept.
   *
   * @param again paths of these parts, as {@link Remat} takes them
   */
  public static Optimizer.Objective of(Tensor loss, Tensors parameters, List<String> again) {
    return at -> {
      Tensor there = loss;
      if (at.asMap().entrySet().stream().anyMatch(value -> value.getValue() != parameters.get(value.getKey()))) {
        Map<Tensor, Tensor> values = new IdentityHashMap<>();
        at.asMap().forEach((path, value) -> values.put(parameters.get(path), value));
        there = Graph.of(List.of(loss)).substitute(values).getFirst();
      }
      return new Optimizer.Evaluation(there, again.isEmpty() ? Gradients.of(there, at) : rematerialized(there, at, again));
    };
  }

  private static Tensors rematerialized(Tensor loss, Tensors at, List<String> again) {
    Iterator<Tensor> gradients = Remat.gradients(loss, at.values(), again).iterator();
    return at.map((path, value) -> gradients.next());
  }
}
