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
 * Adam whose first steps do not divide by a mean square that is not yet known: Liu et al., 2020, in the form of {@code
 * torch.optim.RAdam}.
 */
@Name("radam")
@Doc("adam that starts without its divisor until that is known")
public record RAdam(
    @Doc("how far a step goes") Schedule learningRate,
    @Doc("memory of the mean gradient") @Default("0.9") @Range(above = 0, below = 1) double beta1,
    @Doc("memory of the mean squared gradient") @Default("0.999") @Range(above = 0, below = 1) double beta2,
    @Doc("added to the divisor") @Default("1e-8") @Range(atLeast = 0) double epsilon,
    @Doc("times the parameter, added to the gradient") @Default("0") @Range(atLeast = 0) double weightDecay)
    implements UpdateRule {

  /** With the paper's settings at a constant rate. */
  public static RAdam of(double learningRate) {
    return new RAdam(new Constant(learningRate), 0.9, 0.999, 1e-8, 0);
  }

  @Override
  public Tensor update(Tensor parameter, Tensor gradient, Scope scope) {
    Tensor g = Moments.decaying(gradient, parameter, weightDecay);
    Tensor m = Moments.first(g, beta1, scope);
    Tensor v = Moments.second(g, beta2, scope);
    Tensor count = Moments.count(parameter, scope);
    Tensor known = Moments.correction(beta2, count);
    Tensor scale = learningRate.at(scope.progress()).cast(parameter.dtype())
        .div(Moments.correction(beta1, count));
    // Degrees of freedom of the mean square, up to those of a long run.
    double most = 2 / (1 - beta2) - 1;
    Tensor freedom = count.mul(known.neg().add(1)).div(known).mul(-2).add(most);
    Tensor safe = freedom.maximum(5);
    Tensor rectified = safe.sub(4).mul(safe.sub(2)).div(safe).mul(most / ((most - 4) * (most - 2))).sqrt();
    Tensor divided = m.mul(scale.mul(rectified).mul(known.sqrt())).div(v.sqrt().add(epsilon));
    return parameter.sub(freedom.gt(5).broadcastTo(parameter.shape()).where(divided, m.mul(scale)));
  }

  /** This with weight decay. */
  public RAdam withWeightDecay(double other) {
    return new RAdam(learningRate, beta1, beta2, epsilon, other);
  }
}
