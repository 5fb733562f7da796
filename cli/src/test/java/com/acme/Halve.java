package com.acme;

import dev.ashlar.model.Layer;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.Tensor;

/** x / 2. Shapes: x [..] -> [..]. */
public record Halve() implements Layer {
  @Override
  public Tensor forward(Tensor x, Scope scope) {
    return x.mul(0.5);
  }
}
