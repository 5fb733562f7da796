package dev.ashlar.layers;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.layers.activations.Activations;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.Tensor;

/**
 * The first half of x times silu of the second half. Shapes: x [.., 2 n, ..] -> [.., n, ..]. Shazeer, 2020, equation 6,
 * without its matrices.
 */
@Name("swiglu")
@Doc("the first half times silu of the second half, which gates it")
public record SwiGlu(
    @Doc("the axis that is halved; 0 is the batch, -1 the last, 1 the channels of images") @Default("-1") int axis)
    implements Layer {

  /** Along the last axis. */
  public SwiGlu() {
    this(-1);
  }

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    return Glu.halves("swiglu", x, Activations.SILU, axis);
  }
}
