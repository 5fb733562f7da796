package dev.ashlar.model;

import dev.ashlar.api.Stable;
import dev.ashlar.tensor.Tensors;

/** Changes gradients before an optimizer uses them: clipping, noise, accumulation. */
@Stable
@FunctionalInterface
public interface GradientTransform {

  /**
   * The gradients to use instead.
   *
   * @param gradients by path of their parameter
   * @param parameters their values, by path
   * @param scope gives slots, progress and random keys
   */
  Tensors transform(Tensors gradients, Tensors parameters, Scope scope);

  /** The optimizer that sees gradients through this transform. */
  default Optimizer then(Optimizer optimizer) {
    return (parameters, objective, scope) -> optimizer.step(
        parameters,
        at -> {
          Optimizer.Evaluation plain = objective.at(at);
          return new Optimizer.Evaluation(
              plain.loss(), transform(plain.gradients(), at, scope.again("transform")));
        },
        scope);
  }
}
