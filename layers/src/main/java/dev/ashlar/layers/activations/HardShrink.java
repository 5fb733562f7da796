package dev.ashlar.layers.activations;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.model.Activation;
import dev.ashlar.tensor.Tensor;

/** x where |x| is above a threshold, else 0: Donoho and Johnstone, 1994. The shape stays. */
@Name("hard_shrink")
@Doc("x where its size is above a threshold, else 0")
public record HardShrink(
    @Doc("sizes up to it are 0") @Default("0.5") @Range(atLeast = 0) double threshold) implements Activation {

  @Override
  public Tensor apply(Tensor x) {
    return x.abs().gt(threshold).where(x, Tensor.zeros(x.type()));
  }
}
