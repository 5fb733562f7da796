package dev.ashlar.layers.initializers;

import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.model.Initializer;
import dev.ashlar.tensor.Key;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;

/** Uniformly distributed from -limit to limit. */
@Name("uniform")
@Doc("uniformly distributed from -limit to limit")
public record Uniform(@Doc("largest magnitude") @Range(atLeast = 0) double limit) implements Initializer {

  @Override
  public Tensor initialize(TensorType type, Fans fans, Key key) {
    return Initializers.within(limit, type, key);
  }
}
