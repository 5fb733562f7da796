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
 * Steps of one size, by the sign of a mean of gradients: Chen et al., 2023, algorithm 2. Weight decay is apart from
 * the gradient; rates are some ten times smaller than Adam's, decay as much larger.
 */
@Name("lion")
@Doc("steps of one size by the sign of the mean gradient")
public record Lion(
    @Doc("how far a step goes") Schedule learningRate,
    @Doc("weight of the mean in a step") @Default("0.9") @Range(atLeast = 0, below = 1) double beta1,
    @Doc("memory of the mean gradient") @Default("0.99") @Range(atLeast = 0, below = 1) double beta2,
    @Doc("share of the parameter taken off, times the rate") @Default("0") @Range(atLeast = 0) double weightDecay)
    implements UpdateRule {

  /** With the paper's settings at a constant rate. */
  public static Lion of(double learningRate) {
    return new Lion(new Constant(learningRate), 0.9, 0.99, 0);
  }

  @Override
  public Tensor update(Tensor parameter, Tensor gradient, Scope scope) {
    State mean = scope.slot("first_moment", parameter.type(), Initializer.ZEROS);
    Tensor m = mean.value();
    mean.set(m.mul(beta2).add(gradient.mul(1 - beta2)));
    Tensor direction = m.mul(beta1).add(gradient.mul(1 - beta1)).sign();
    Tensor rate = learningRate.at(scope.progress()).cast(parameter.dtype());
    Tensor kept = weightDecay == 0 ? parameter : parameter.sub(parameter.mul(rate.mul(weightDecay)));
    return kept.sub(direction.mul(rate));
  }

  /** This with weight decay. */
  public Lion withWeightDecay(double other) {
    return new Lion(learningRate, beta1, beta2, other);
  }

  /** This with another learning rate. */
  public Lion withLearningRate(Schedule other) {
    return new Lion(other, beta1, beta2, weightDecay);
  }
}
