package dev.ashlar.layers.pooling;

import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.layers.shapes.Inputs;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.Tensor;

/** The largest of each channel. Shapes: x [batch, channels, length] -> [batch, channels]. */
@Name("global_max_pool1d")
@Doc("the largest of each channel of a sequence")
public record GlobalMaxPool1d() implements Layer {

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    Inputs.whole("global_max_pool1d", scope);
    Inputs.spatial("global_max_pool1d", x, 1);
    return x.max(2).reshape(x.dim(0), x.dim(1));
  }
}
