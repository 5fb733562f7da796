package dev.ashlar.layers.activations;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.model.Activation;
import dev.ashlar.tensor.Tensor;

/** x nearer to 0 by a threshold, and 0 within it: Donoho and Johnstone, 1994. The shape stays. */
@Name("soft_shrink")
@Doc("x nearer to 0 by a threshold, and 0 within it")
public record SoftShrink(
    @Doc("how much nearer") @Default("0.5") @Range(atLeast = 0) double threshold) implements Activation {

  @Override
  public Tensor apply(Tensor x) {
    return x.sub(x.maximum(-threshold).minimum(threshold));
  }
}
