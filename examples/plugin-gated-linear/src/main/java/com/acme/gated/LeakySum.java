package com.acme.gated;

import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Tensor;
import java.util.List;

/** y_t = x_t + keep y_(t-1) along the last axis: a sum that forgets. Shapes: x [.., time] -> [.., time]. */
@Name("leaky_sum")
@Doc("a sum over time that forgets")
public record LeakySum(@Doc("share of the sum that is left after a step") double keep) implements Layer {

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    return Tensor.apply(new Op.Custom(new LeakySumOp(keep, false), List.of(x)));
  }
}
