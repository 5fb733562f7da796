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

/** Steps of equal length by the sign of the momentum: Bernstein et al., signSGD, 2018, algorithm 2. */
@Name("signum")
@Doc("the sign of the momentum")
public record Signum(
    @Doc("length of a step") Schedule learningRate,
    @Doc("memory of the momentum") @Default("0.9") double beta,
    @Doc("times the learning rate, the share of a parameter that goes at each step") @Default("0") double weightDecay)
    implements UpdateRule {

  @Override
  public Tensor update(Tensor parameter, Tensor gradient, Scope scope) {
    State momentum = scope.slot("momentum", parameter.type(), Initializer.ZEROS);
    Tensor mean = momentum.value().mul(beta).add(gradient.mul(1 - beta));
    momentum.set(mean);
    Tensor rate = learningRate.at(scope.progress()).cast(parameter.dtype());
    return parameter.sub(mean.sign().add(parameter.mul(weightDecay)).mul(rate));
  }
}
