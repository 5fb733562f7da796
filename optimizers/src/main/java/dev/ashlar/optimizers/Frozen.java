package dev.ashlar.optimizers;

import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.model.Optimizer;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.Tensors;

/** Parameters that stay as they are: not trained, their gradients not computed. Of use in {@link Groups}. */
@Name("frozen")
@Doc("parameters that stay as they are")
public record Frozen() implements Optimizer {

  @Override
  public Tensors step(Tensors parameters, Objective objective, Scope scope) {
    return parameters;
  }
}
