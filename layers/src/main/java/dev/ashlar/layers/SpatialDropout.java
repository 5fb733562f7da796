package dev.ashlar.layers;

import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.layers.shapes.Inputs;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;

/**
 * In training each channel of x [batch, channels, ..] is 0 with probability {@code rate}, else x / (1 - rate);
 * otherwise x. The shape stays. For sequences and images alike: neighbours say much the same, so that dropping single
 * elements hides nothing. Tompson et al., 2015.
 */
@Name("spatial_dropout")
@Doc("in training, whole channels are set to 0 at random and the others scaled up")
public record SpatialDropout(@Doc("probability of 0") @Range(atLeast = 0, below = 1) double rate) implements Layer {

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    Inputs.channels("spatial_dropout", x);
    return Dropout.drop(x, Shape.of(x.dim(0)).concat(Inputs.wide(x)), rate, scope);
  }
}
