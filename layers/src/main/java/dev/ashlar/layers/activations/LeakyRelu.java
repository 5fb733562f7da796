package dev.ashlar.layers.activations;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.model.Activation;
import dev.ashlar.tensor.Tensor;

/** x where positive, else slope x: Maas et al., 2013. The shape stays. */
@Name("leaky_relu")
@Doc("x where positive, else slope * x")
public record LeakyRelu(
    @Doc("factor of negative values") @Default("0.01") double slope) implements Activation {

  @Override
  public Tensor apply(Tensor x) {
    return x.gt(0).where(x, x.mul(slope));
  }
}
