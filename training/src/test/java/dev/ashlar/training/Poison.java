package dev.ashlar.training;

import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.Tensor;

/** Passes its input on, but at some steps, from 1, divides it by 0. Shapes: x [..] -> [..]. */
@Name("poison")
public record Poison(@Doc("the first step") int from, @Doc("the last step") int to) implements Layer {

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    if (!scope.training()) {
      return x;
    }
    Tensor step = scope.progress().step();
    Tensor isPlanted = step.ge(from - 1).and(step.le(to - 1));
    return x.div(isPlanted.where(Tensor.zeros(x.type()), Tensor.full(x.type(), 1)));
  }
}
