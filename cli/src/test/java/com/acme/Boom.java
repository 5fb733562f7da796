package com.acme;

import dev.ashlar.model.Layer;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.Tensor;

/** A layer with a mistake in its code. */
public record Boom() implements Layer {
  @Override
  public Tensor forward(Tensor x, Scope scope) {
    throw new IllegalStateException("boom");
  }
}
