package dev.ashlar.layers.activations;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.model.Activation;
import dev.ashlar.tensor.Tensor;

/** x where positive, else alpha (exp(x) - 1): Clevert et al., 2016. The shape stays. */
@Name("elu")
@Doc("x where positive, else alpha * (exp(x) - 1)")
public record Elu(@Doc("minus the limit of negative values") @Default("1") double alpha) implements Activation {

  @Override
  public Tensor apply(Tensor x) {
    return x.gt(0).where(x, x.minimum(0).expm1().mul(alpha));
  }
}
