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

/**
 * Adam's steps made as long, parameter by parameter, as the parameter itself times the rate: You et al., 2020,
 * algorithm 2. For very large batches.
 */
@Name("lamb")
@Doc("adam's steps in proportion to each parameter's length, for very large batches")
public record Lamb(
    @Doc("how far a step goes, in lengths of the parameter") Schedule learningRate,
    @Doc("memory of the mean gradient") @Default("0.9") @Range(above = 0, below = 1) double beta1,
    @Doc("memory of the mean squared gradient") @Default("0.999") @Range(above = 0, below = 1) double beta2,
    @Doc("added to the divisor") @Default("1e-6") @Range(atLeast = 0) double epsilon,
    @Doc("share of the parameter added to a step") @Default("0") @Range(atLeast = 0) double weightDecay)
    implements UpdateRule {

  /** With the paper's settings at a constant rate. */
  public static Lamb of(double learningRate) {
    return new Lamb(new Constant(learningRate), 0.9, 0.999, 1e-6, 0);
  }

  @Override
  public Tensor update(Tensor parameter, Tensor gradient, Scope scope) {
    Tensor one = Tensor.scalar(parameter.dtype(), 1);
    Tensor step = new Moments(beta1, beta2, epsilon, false).step(parameter, gradient, one, scope);
    Tensor whole = weightDecay == 0 ? step : step.add(parameter.mul(weightDecay));
    Tensor ofParameter = parameter.square().sum().sqrt();
    Tensor ofStep = whole.square().sum().sqrt();
    Tensor known = ofParameter.gt(0).and(ofStep.gt(0));
    Tensor trust = known.where(ofParameter.div(ofStep), Tensor.full(ofStep.type(), 1));
    return parameter.sub(whole.mul(trust.mul(learningRate.at(scope.progress()).cast(parameter.dtype()))));
  }

  /** This with weight decay. */
  public Lamb withWeightDecay(double other) {
    return new Lamb(learningRate, beta1, beta2, epsilon, other);
  }
}
