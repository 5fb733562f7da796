package dev.ashlar.model;

import dev.ashlar.api.Stable;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/**
 * Improves all parameters of a model at once. The common case, one rule applied to each parameter,
 * is an {@link UpdateRule}.
 */
@Stable
@FunctionalInterface
public interface Optimizer {

  /**
   * The parameters after one step.
   *
   * @param parameters values before, by path
   * @param objective gives loss and gradients, at these values or at others
   * @param scope gives slots ({@link Scope#slot}), progress and random keys
   * @return a value for each parameter, of its type
   */
  Tensors step(Tensors parameters, Objective objective, Scope scope);

  /**
   * Its learning rate, to be shown while training goes on; of several the one of most parameters. A record with a
   * component of this name says it thereby.
   *
   * @return null if it has none
   */
  default @Nullable Schedule learningRate() {
    return null;
  }

  /** What is to be made small, as a function of the parameters. */
  @FunctionalInterface
  interface Objective {

    /**
     * Loss and gradients at given values of the parameters. Those that are left out stay as they are, and their
     * gradients are not computed.
     */
    Evaluation at(Tensors parameters);
  }

  /**
   * The objective at some point.
   *
   * @param loss a scalar
   * @param gradients one for each parameter that was asked about, by path
   */
  record Evaluation(Tensor loss, Tensors gradients) {}
}
