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
 * Adam with Nesterov's look ahead: Dozat, 2016, in the form of {@code torch.optim.NAdam}.
 */
@Name("nadam")
@Doc("adam that looks ahead along its momentum")
public record NAdam(
    @Doc("how far a step goes") Schedule learningRate,
    @Doc("memory of the mean gradient") @Default("0.9") @Range(above = 0, below = 1) double beta1,
    @Doc("memory of the mean squared gradient") @Default("0.999") @Range(above = 0, below = 1) double beta2,
    @Doc("added to the divisor") @Default("1e-8") @Range(atLeast = 0) double epsilon,
    @Doc("how fast the momentum reaches beta1") @Default("4e-3") @Range(atLeast = 0) double momentumDecay,
    @Doc("times the parameter, added to the gradient") @Default("0") @Range(atLeast = 0) double weightDecay)
    implements UpdateRule {

  /** With the usual settings at a constant rate. */
  public static NAdam of(double learningRate) {
    return new NAdam(new Constant(learningRate), 0.9, 0.999, 1e-8, 4e-3, 0);
  }

  @Override
  public Tensor update(Tensor parameter, Tensor gradient, Scope scope) {
    Tensor g = Moments.decaying(gradient, parameter, weightDecay);
    Tensor count = Moments.count(parameter, scope);
    State product = scope.slot("momentum_product", count.type(), Initializer.ONES);
    Tensor now = momentum(count);
    Tensor next = momentum(count.add(1));
    Tensor all = product.value().mul(now);
    product.set(all);
    Tensor m = Moments.first(g, beta1, scope);
    Tensor v = Moments.second(g, beta2, scope);
    Tensor deviation = v.div(Moments.correction(beta2, count)).sqrt().add(epsilon);
    Tensor rate = learningRate.at(scope.progress()).cast(parameter.dtype());
    Tensor one = Tensor.full(count.type(), 1);
    Tensor ofGradient = rate.mul(one.sub(now)).div(one.sub(all));
    Tensor ofMean = rate.mul(next).div(one.sub(all.mul(next)));
    return parameter.sub(g.mul(ofGradient).add(m.mul(ofMean)).div(deviation));
  }

  /** The momentum of a step: beta1 (1 - 0.5 0.96^(step decay)). */
  private Tensor momentum(Tensor step) {
    return step.mul(momentumDecay * Math.log(0.96)).exp().mul(-0.5).add(1).mul(beta1);
  }

  /** This with weight decay. */
  public NAdam withWeightDecay(double other) {
    return new NAdam(learningRate, beta1, beta2, epsilon, momentumDecay, other);
  }
}
