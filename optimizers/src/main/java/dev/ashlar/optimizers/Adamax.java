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
 * Adam with the largest recent gradient in place of the root of the mean square: Kingma and Ba, 2015, algorithm 2, in
 * the form of {@code torch.optim.Adamax}.
 */
@Name("adamax")
@Doc("adam with the largest recent gradient for a divisor")
public record Adamax(
    @Doc("how far a step goes") Schedule learningRate,
    @Doc("memory of the mean gradient") @Default("0.9") @Range(above = 0, below = 1) double beta1,
    @Doc("memory of the largest gradient") @Default("0.999") @Range(above = 0, below = 1) double beta2,
    @Doc("added to the gradient's size") @Default("1e-8") @Range(above = 0) double epsilon,
    @Doc("times the parameter, added to the gradient") @Default("0") @Range(atLeast = 0) double weightDecay)
    implements UpdateRule {

  /** With the paper's settings at a constant rate. */
  public static Adamax of(double learningRate) {
    return new Adamax(new Constant(learningRate), 0.9, 0.999, 1e-8, 0);
  }

  @Override
  public Tensor update(Tensor parameter, Tensor gradient, Scope scope) {
    Tensor g = Moments.decaying(gradient, parameter, weightDecay);
    State largest = scope.slot("largest", parameter.type(), Initializer.ZEROS);
    Tensor m = Moments.first(g, beta1, scope);
    Tensor u = largest.value().mul(beta2).maximum(g.abs().add(epsilon));
    largest.set(u);
    Tensor rate = learningRate.at(scope.progress()).cast(parameter.dtype());
    Tensor scale = rate.div(Moments.correction(beta1, Moments.count(parameter, scope)));
    return parameter.sub(m.mul(scale).div(u));
  }

  /** This with weight decay. */
  public Adamax withWeightDecay(double other) {
    return new Adamax(learningRate, beta1, beta2, epsilon, other);
  }
}
