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
 * Steps in the unit of the parameter: the root of a running mean of squared steps over that of squared gradients.
 * Zeiler, 2012, in the form of {@code torch.optim.Adadelta}.
 */
@Name("adadelta")
@Doc("steps as long as the last ones were, by running means of squares")
public record Adadelta(
    @Doc("what a step is multiplied by") Schedule learningRate,
    @Doc("memory of the mean squares") @Default("0.9") @Range(atLeast = 0, below = 1) double rho,
    @Doc("added to the mean squares") @Default("1e-6") @Range(above = 0) double epsilon,
    @Doc("times the parameter, added to the gradient") @Default("0") @Range(atLeast = 0) double weightDecay)
    implements UpdateRule {

  /** With the paper's settings, steps multiplied by a number, usually 1. */
  public static Adadelta of(double learningRate) {
    return new Adadelta(new Constant(learningRate), 0.9, 1e-6, 0);
  }

  @Override
  public Tensor update(Tensor parameter, Tensor gradient, Scope scope) {
    Tensor g = Moments.decaying(gradient, parameter, weightDecay);
    State steps = scope.slot("squared_steps", parameter.type(), Initializer.ZEROS);
    Tensor v = Moments.second(g, rho, scope);
    Tensor step = steps.value().add(epsilon).sqrt().div(v.add(epsilon).sqrt()).mul(g);
    steps.set(steps.value().mul(rho).add(step.square().mul(1 - rho)));
    return parameter.sub(step.mul(learningRate.at(scope.progress()).cast(parameter.dtype())));
  }

  /** This with weight decay. */
  public Adadelta withWeightDecay(double other) {
    return new Adadelta(learningRate, rho, epsilon, other);
  }
}
