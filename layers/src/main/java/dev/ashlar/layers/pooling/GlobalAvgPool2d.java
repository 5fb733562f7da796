package dev.ashlar.layers.pooling;

import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.layers.shapes.Inputs;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.Tensor;

/** The mean of each channel. Shapes: x [batch, channels, height, width] -> [batch, channels]. */
@Name("global_avg_pool2d")
@Doc("the mean of each channel of an image")
public record GlobalAvgPool2d() implements Layer {

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    Inputs.whole("global_avg_pool2d", scope);
    Inputs.spatial("global_avg_pool2d", x, 2);
    Inputs.real("global_avg_pool2d", x);
    return x.mean(2, 3).reshape(x.dim(0), x.dim(1));
  }
}
