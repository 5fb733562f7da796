package dev.ashlar.layers.activations;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.model.Activation;
import dev.ashlar.tensor.Tensor;

/** x where positive, else alpha (exp(x / alpha) - 1), which has no bend at 0: Barron, 2017. The shape stays. */
@Name("celu")
@Doc("x where positive, else alpha * (exp(x / alpha) - 1)")
public record Celu(
    @Doc("minus the limit of negative values") @Default("1") @Range(above = 0) double alpha) implements Activation {

  @Override
  public Tensor apply(Tensor x) {
    return x.gt(0).where(x, x.minimum(0).div(alpha).expm1().mul(alpha));
  }
}
