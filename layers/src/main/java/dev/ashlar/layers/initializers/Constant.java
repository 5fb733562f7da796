package dev.ashlar.layers.initializers;

import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.model.Initializer;
import dev.ashlar.tensor.Key;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;

/** One number everywhere. */
@Name("constant")
@Doc("one number everywhere")
public record Constant(@Doc("the number") double value) implements Initializer {

  @Override
  public Tensor initialize(TensorType type, Fans fans, Key key) {
    return Tensor.full(type, value);
  }
}
