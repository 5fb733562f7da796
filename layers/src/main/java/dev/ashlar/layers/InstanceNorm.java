package dev.ashlar.layers;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.layers.shapes.Inputs;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.Tensor;

/**
 * Mean 0 and variance 1 for each channel of each example; x [batch, channels, S..], the shape stays. Ulyanov et al.,
 * 2016.
 */
@Name("instance_norm")
@Doc("mean 0 and variance 1 for each channel of each example")
public record InstanceNorm(
    @Doc("added to the variance") @Default("1e-5") @Range(above = 0) double epsilon,
    @Doc("whether channels are scaled and shifted then") @Default("false") boolean affine)
    implements Layer {

  /** With the usual epsilon, 1e-5, neither scaled nor shifted. */
  public InstanceNorm() {
    this(1e-5, false);
  }

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    Inputs.real("instance_norm", x);
    Inputs.whole("instance_norm", scope);
    if (x.rank() < 3 || x.shape().slice(2, x.rank()).size() == 1) {
      throw new ShapeException("instance_norm", "more than one element for each channel: [batch, channels, ..]",
          x.shape().toString(), "one number less its mean is 0: take 'layer_norm' or 'group_norm'");
    }
    Tensor y = GroupNorm.normalized(x, x.dim(1), epsilon);
    return affine ? GroupNorm.affine(y, scope) : y;
  }
}
