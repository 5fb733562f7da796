package dev.ashlar.optimizers;

import dev.ashlar.model.Initializer;
import dev.ashlar.model.Scope;
import dev.ashlar.model.State;
import dev.ashlar.tensor.Tensor;

/**
 * The step of Adam before weight decay and learning rate: Kingma and Ba, 2015, algorithm 1, in the form of
 * {@code torch.optim.Adam}.
 */
record Moments(double beta1, double beta2, double epsilon, boolean amsgrad) {

  /** The parameter after a step of this size along the gradient's moments. */
  Tensor descend(Tensor parameter, Tensor gradient, Tensor rate, Scope scope) {
    return parameter.sub(step(parameter, gradient, rate, scope));
  }

  /** A step of this size along the gradient's moments. */
  Tensor step(Tensor parameter, Tensor gradient, Tensor rate, Scope scope) {
    Tensor m = first(gradient, beta1, scope);
    Tensor v = second(gradient, beta2, scope);
    if (amsgrad) { // Reddi, Kale and Kumar, 2018: the largest mean square so far
      State largest = scope.slot("largest_second_moment", parameter.type(), Initializer.ZEROS);
      v = largest.value().maximum(v);
      largest.set(v);
    }
    Tensor count = count(parameter, scope);
    Tensor scale = rate.div(correction(beta1, count));
    Tensor deviation = v.sqrt().mul(correction(beta2, count).rsqrt()).add(epsilon);
    return m.mul(scale).div(deviation);
  }

  /** The gradient with weight decay that belongs to it. */
  static Tensor decaying(Tensor gradient, Tensor parameter, double weightDecay) {
    return weightDecay == 0 ? gradient : gradient.add(parameter.mul(weightDecay));
  }

  /** The running mean of gradients, this one included. */
  static Tensor first(Tensor gradient, double beta, Scope scope) {
    State state = scope.slot("first_moment", gradient.type(), Initializer.ZEROS);
    Tensor mean = state.value().add(gradient.sub(state.value()).mul(1 - beta));
    state.set(mean);
    return mean;
  }

  /** The running mean of their squares. */
  static Tensor second(Tensor gradient, double beta, Scope scope) {
    State state = scope.slot("second_moment", gradient.type(), Initializer.ZEROS);
    Tensor mean = state.value().mul(beta).add(gradient.square().mul(1 - beta));
    state.set(mean);
    return mean;
  }

  /** The number of this step, from 1, in the type of a parameter. */
  static Tensor count(Tensor parameter, Scope scope) {
    return scope.progress().step().cast(parameter.dtype()).add(1);
  }

  /** 1 - beta^count; through expm1, because in single precision 1 - 0.999 has lost half its digits. */
  static Tensor correction(double beta, Tensor count) {
    return count.mul(Math.log(beta)).expm1().neg();
  }
}
