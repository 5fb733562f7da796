package com.acme.gated;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.model.Initializer;
import dev.ashlar.model.Schedule;
import dev.ashlar.model.Scope;
import dev.ashlar.model.State;
import dev.ashlar.model.UpdateRule;
import dev.ashlar.tensor.Tensor;

/** Steps of equal length in the direction of a mixed momentum: Chen et al., Symbolic discovery, 2023, algorithm 2. */
@Name("lion")
@Doc("the sign of a mixed momentum")
public record Lion(
    @Doc("length of a step") Schedule learningRate,
    @Doc("share of the momentum in the direction") @Default("0.9") double beta1,
    @Doc("memory of the momentum") @Default("0.99") double beta2,
    @Doc("times the learning rate, the share of a parameter that goes at each step") @Default("0") double weightDecay)
    implements UpdateRule {

  @Override
  public Tensor update(Tensor parameter, Tensor gradient, Scope scope) {
    State momentum = scope.slot("momentum", parameter.type(), Initializer.ZEROS);
    Tensor direction = momentum.value().mul(beta1).add(gradient.mul(1 - beta1)).sign();
    momentum.set(momentum.value().mul(beta2).add(gradient.mul(1 - beta2)));
    Tensor rate = learningRate.at(scope.progress()).cast(parameter.dtype());
    return parameter.sub(direction.add(parameter.mul(weightDecay)).mul(rate));
  }
}
