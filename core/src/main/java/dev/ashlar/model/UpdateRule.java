package dev.ashlar.model;

import dev.ashlar.api.Stable;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.Tensors;

/** An optimizer that treats each parameter by itself: one method of tensor maths. */
@Stable
@FunctionalInterface
public interface UpdateRule extends Optimizer {

  /**
   * The parameter after one step.
   *
   * @param parameter its value before
   * @param gradient of the loss, of the parameter's type
   * @param scope this parameter's own: slots by name ({@link Scope#slot}), progress
   */
  Tensor update(Tensor parameter, Tensor gradient, Scope scope);

  @Override
  default Tensors step(Tensors parameters, Objective objective, Scope scope) {
    Tensors gradients = objective.at(parameters).gradients();
    return parameters.map((path, value) -> update(value, gradients.get(path), scope.child(path)));
  }
}
