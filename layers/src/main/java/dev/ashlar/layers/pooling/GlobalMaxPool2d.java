package dev.ashlar.layers.pooling;

import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.layers.shapes.Inputs;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.Tensor;

/** The largest of each channel. Shapes: x [batch, channels, height, width] -> [batch, channels]. */
@Name("global_max_pool2d")
@Doc("the largest of each channel of an image")
public record GlobalMaxPool2d() implements Layer {

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    Inputs.whole("global_max_pool2d", scope);
    Inputs.spatial("global_max_pool2d", x, 2);
    return x.max(2, 3).reshape(x.dim(0), x.dim(1));
  }
}
