package dev.ashlar.optimizers;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.model.Initializer;
import dev.ashlar.model.Schedule;
import dev.ashlar.model.Scope;
import dev.ashlar.model.State;
import dev.ashlar.model.UpdateRule;
import dev.ashlar.optimizers.schedules.Constant;
import dev.ashlar.tensor.Tensor;

/**
 * Steps divided by the root of a running mean of squared gradients (Tieleman and Hinton, 2012, lecture 6.5), in the
 * form of {@code torch.optim.RMSprop}.
 */
@Name("rmsprop")
@Doc("steps divided by the root of a running mean of squared gradients")
public record RmsProp(
    @Doc("how far a step goes") Schedule learningRate,
    @Doc("memory of the mean squared gradient") @Default("0.99") @Range(atLeast = 0, below = 1) double rho,
    @Doc("added to the divisor") @Default("1e-8") @Range(atLeast = 0) double epsilon,
    @Doc("how much of the last step is kept") @Default("0") @Range(atLeast = 0, below = 1) double momentum,
    @Doc("divide by the deviation from the mean gradient instead") @Default("false") boolean centered,
    @Doc("times the parameter, added to the gradient") @Default("0") @Range(atLeast = 0) double weightDecay)
    implements UpdateRule {

  /** With the usual settings at a constant rate. */
  public static RmsProp of(double learningRate) {
    return new RmsProp(new Constant(learningRate), 0.99, 1e-8, 0, false, 0);
  }

  @Override
  public Tensor update(Tensor parameter, Tensor gradient, Scope scope) {
    Tensor g = Moments.decaying(gradient, parameter, weightDecay);
    Tensor v = Moments.second(g, rho, scope);
    if (centered) {
      v = v.sub(Moments.first(g, rho, scope).square()).maximum(0);
    }
    Tensor step = g.div(v.sqrt().add(epsilon));
    if (momentum != 0) {
      State velocity = scope.slot("momentum", parameter.type(), Initializer.ZEROS);
      step = velocity.value().mul(momentum).add(step);
      velocity.set(step);
    }
    return parameter.sub(step.mul(learningRate.at(scope.progress()).cast(parameter.dtype())));
  }

  /** This with momentum. */
  public RmsProp withMomentum(double other) {
    return new RmsProp(learningRate, rho, epsilon, other, centered, weightDecay);
  }

  /** This, centered. */
  public RmsProp withCentering() {
    return new RmsProp(learningRate, rho, epsilon, momentum, true, weightDecay);
  }

  /** This with weight decay. */
  public RmsProp withWeightDecay(double other) {
    return new RmsProp(learningRate, rho, epsilon, momentum, centered, other);
  }

  /** This with another learning rate. */
  public RmsProp withLearningRate(Schedule other) {
    return new RmsProp(other, rho, epsilon, momentum, centered, weightDecay);
  }
}
