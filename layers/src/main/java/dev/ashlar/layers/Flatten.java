package dev.ashlar.layers;

import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.Tensor;

/** All axes but the batch become one. Shapes: x [batch, ..] -> [batch, n]. */
@Name("flatten")
@Doc("all axes but the batch become one")
public record Flatten() implements Layer {

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    return x.reshape(x.dim(0), (int) (x.shape().size() / Math.max(1, x.dim(0))));
  }
}
