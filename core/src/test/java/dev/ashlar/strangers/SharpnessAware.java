package dev.ashlar.strangers;

import dev.ashlar.model.Optimizer;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.Tensors;

/**
 * Sharpness-aware minimisation: the gradient is taken at the worst point within {@code radius}
 * (Foret et al., 2021, algorithm 1). Two gradients a step, around any other optimizer.
 */
record SharpnessAware(double radius, Optimizer base) implements Optimizer {
  @Override
  public Tensors step(Tensors parameters, Objective objective, Scope scope) {
    return base.step(parameters, at -> sharp(at, objective), scope);
  }

  private Evaluation sharp(Tensors at, Objective objective) {
    Evaluation here = objective.at(at);
    Tensor squares = here.gradients().values().stream()
        .map(g -> g.square().sum())
        .reduce(Tensor::add)
        .orElseThrow();
    Tensor scale = squares.sqrt().add(1e-12).reciprocal().mul(radius);
    Tensors worst = at.map((path, value) -> value.add(here.gradients().get(path).mul(scale).detach()));
    return new Evaluation(here.loss(), objective.at(worst).gradients());
  }
}
