package dev.ashlar.layers.pooling;

import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.layers.shapes.Inputs;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.Tensor;

/** The mean of each channel. Shapes: x [batch, channels, length] -> [batch, channels]. */
@Name("global_avg_pool1d")
@Doc("the mean of each channel of a sequence")
public record GlobalAvgPool1d() implements Layer {

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    Inputs.whole("global_avg_pool1d", scope);
    Inputs.spatial("global_avg_pool1d", x, 1);
    Inputs.real("global_avg_pool1d", x);
    return x.mean(2).reshape(x.dim(0), x.dim(1));
  }
}
