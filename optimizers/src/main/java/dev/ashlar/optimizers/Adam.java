package dev.ashlar.optimizers;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.model.Schedule;
import dev.ashlar.model.Scope;
import dev.ashlar.model.UpdateRule;
import dev.ashlar.optimizers.schedules.Constant;
import dev.ashlar.tensor.Tensor;

/** Steps scaled by running moments of the gradient: Kingma and Ba, 2015, algorithm 1. */
@Name("adam")
@Doc("steps scaled by running moments of the gradient")
public record Adam(
    @Doc("how far a step goes") Schedule learningRate,
    @Doc("memory of the mean gradient") @Default("0.9") @Range(above = 0, below = 1) double beta1,
    @Doc("memory of the mean squared gradient") @Default("0.999") @Range(above = 0, below = 1) double beta2,
    @Doc("added to the divisor") @Default("1e-8") @Range(atLeast = 0) double epsilon,
    @Doc("times the parameter, added to the gradient") @Default("0") @Range(atLeast = 0) double weightDecay,
    @Doc("divide by the largest mean square so far") @Default("false") boolean amsgrad)
    implements UpdateRule {

  /** With the paper's settings at a constant rate. */
  public static Adam of(double learningRate) {
    return new Adam(new Constant(learningRate), 0.9, 0.999, 1e-8, 0, false);
  }

  @Override
  public Tensor update(Tensor parameter, Tensor gradient, Scope scope) {
    Tensor rate = learningRate.at(scope.progress()).cast(parameter.dtype());
    Tensor g = Moments.decaying(gradient, parameter, weightDecay);
    return new Moments(beta1, beta2, epsilon, amsgrad).descend(parameter, g, rate, scope);
  }

  /** This with another learning rate. */
  public Adam withLearningRate(Schedule other) {
    return new Adam(other, beta1, beta2, epsilon, weightDecay, amsgrad);
  }

  /** This with other memories. */
  public Adam withBetas(double first, double second) {
    return new Adam(learningRate, first, second, epsilon, weightDecay, amsgrad);
  }

  /** This with weight decay. */
  public Adam withWeightDecay(double other) {
    return new Adam(learningRate, beta1, beta2, epsilon, other, amsgrad);
  }

  /** This, divided by the largest mean square so far. */
  public Adam withAmsgrad() {
    return new Adam(learningRate, beta1, beta2, epsilon, weightDecay, true);
  }
}
