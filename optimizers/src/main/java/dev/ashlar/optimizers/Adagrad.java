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
 * Steps divided by the root of the sum of all squared gradients: Duchi, Hazan and Singer, 2011, in the form of {@code
 * torch.optim.Adagrad}.
 */
@Name("adagrad")
@Doc("steps divided by the root of the sum of all squared gradients")
public record Adagrad(
    @Doc("how far a step goes") Schedule learningRate,
    @Doc("added to the divisor") @Default("1e-10") @Range(atLeast = 0) double epsilon,
    @Doc("what the sum starts from") @Default("0") @Range(atLeast = 0) double initialAccumulator,
    @Doc("times the parameter, added to the gradient") @Default("0") @Range(atLeast = 0) double weightDecay)
    implements UpdateRule {

  /** With the usual settings at a constant rate. */
  public static Adagrad of(double learningRate) {
    return new Adagrad(new Constant(learningRate), 1e-10, 0, 0);
  }

  @Override
  public Tensor update(Tensor parameter, Tensor gradient, Scope scope) {
    Tensor g = Moments.decaying(gradient, parameter, weightDecay);
    Initializer start = (type, fans, key) -> Tensor.full(type, initialAccumulator);
    State sum = scope.slot("sum_of_squares", parameter.type(), start);
    Tensor v = sum.value().add(g.square());
    sum.set(v);
    Tensor rate = learningRate.at(scope.progress()).cast(parameter.dtype());
    return parameter.sub(g.div(v.sqrt().add(epsilon)).mul(rate));
  }

  /** This with weight decay. */
  public Adagrad withWeightDecay(double other) {
    return new Adagrad(learningRate, epsilon, initialAccumulator, other);
  }

  /** This with a sum that starts from a number. */
  public Adagrad withInitialAccumulator(double other) {
    return new Adagrad(learningRate, epsilon, other, weightDecay);
  }
}
