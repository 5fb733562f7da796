package dev.ashlar.layers.initializers;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.model.Initializer;
import dev.ashlar.tensor.Key;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;

/** Normally distributed around 0. */
@Name("normal")
@Doc("normally distributed around 0")
public record Normal(@Doc("standard deviation") @Default("0.02") @Range(atLeast = 0) double deviation)
    implements Initializer {

  @Override
  public Tensor initialize(TensorType type, Fans fans, Key key) {
    return key.normal(type).mul(deviation);
  }
}
