package dev.ashlar.optimizers;

import dev.ashlar.model.Initializer;
import dev.ashlar.model.Scope;
import dev.ashlar.model.State;
import dev.ashlar.tensor.Tensor;

/**
 * The step of Adam before weight decay and learning rate: Kingma and Ba, 2015, algorithm 1, in the form of
 * {@code torch.optim.Adam}.
 */
record Moments(double beta1, double beta2, double epsilon) {

  /** The parameter after a step of this size along the gradient's moments. */
  Tensor descend(Tensor parameter, Tensor gradient, Tensor rate, Scope scope) {
    State first = scope.slot("first_moment", parameter.type(), Initializer.ZEROS);
    State second = scope.slot("second_moment", parameter.type(), Initializer.ZEROS);
    Tensor m = first.value().add(gradient.sub(first.value()).mul(1 - beta1));
    Tensor v = second.value().mul(beta2).add(gradient.square().mul(1 - beta2));
    first.set(m);
    second.set(v);
    Tensor count = scope.progress().step().cast(parameter.dtype()).add(1);
    Tensor scale = rate.div(correction(beta1, count));
    Tensor deviation = v.sqrt().mul(correction(beta2, count).rsqrt()).add(epsilon);
    return parameter.sub(m.mul(scale).div(deviation));
  }

  /** 1 - beta^count; through expm1, because in single precision 1 - 0.999 has lost half its digits. */
  private static Tensor correction(double beta, Tensor count) {
    return count.mul(Math.log(beta)).expm1().neg();
  }
}
