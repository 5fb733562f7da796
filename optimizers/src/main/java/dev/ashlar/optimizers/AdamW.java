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

/** {@link Adam} with weight decay apart from the gradient: Loshchilov and Hutter, 2019, algorithm 2. */
@Name("adamw")
@Doc("adam with weight decay apart from the gradient")
public record AdamW(
    @Doc("how far a step goes") Schedule learningRate,
    @Doc("times the learning rate, the share of a parameter that goes at each step")
        @Default("0.01") @Range(atLeast = 0) double weightDecay,
    @Doc("memory of the mean gradient") @Default("0.9") @Range(above = 0, below = 1) double beta1,
    @Doc("memory of the mean squared gradient") @Default("0.999") @Range(above = 0, below = 1) double beta2,
    @Doc("added to the divisor") @Default("1e-8") @Range(atLeast = 0) double epsilon,
    @Doc("whether biases and scales (fewer than two axes) decay too") @Default("true") boolean decayVectors,
    @Doc("divide by the largest mean square so far") @Default("false") boolean amsgrad)
    implements UpdateRule {

  /** With the usual settings at a constant rate. */
  public static AdamW of(double learningRate) {
    return new AdamW(new Constant(learningRate), 0.01, 0.9, 0.999, 1e-8, true, false);
  }

  @Override
  public Tensor update(Tensor parameter, Tensor gradient, Scope scope) {
    Tensor rate = learningRate.at(scope.progress()).cast(parameter.dtype());
    boolean decays = weightDecay != 0 && (decayVectors || parameter.rank() >= 2);
    Tensor decayed = decays ? parameter.mul(rate.mul(-weightDecay).add(1)) : parameter;
    return new Moments(beta1, beta2, epsilon, amsgrad).descend(decayed, gradient, rate, scope);
  }

  /** This with another learning rate. */
  public AdamW withLearningRate(Schedule other) {
    return new AdamW(other, weightDecay, beta1, beta2, epsilon, decayVectors, amsgrad);
  }

  /** This with another weight decay. */
  public AdamW withWeightDecay(double other) {
    return new AdamW(learningRate, other, beta1, beta2, epsilon, decayVectors, amsgrad);
  }

  /** This with other memories. */
  public AdamW withBetas(double first, double second) {
    return new AdamW(learningRate, weightDecay, first, second, epsilon, decayVectors, amsgrad);
  }

  /** This with weight decay for matrices and kernels alone. */
  public AdamW withoutVectorDecay() {
    return new AdamW(learningRate, weightDecay, beta1, beta2, epsilon, false, amsgrad);
  }

  /** This, divided by the largest mean square so far. */
  public AdamW withAmsgrad() {
    return new AdamW(learningRate, weightDecay, beta1, beta2, epsilon, decayVectors, true);
  }
}
