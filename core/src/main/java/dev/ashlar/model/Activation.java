package dev.ashlar.model;

import dev.ashlar.api.Stable;
import dev.ashlar.tensor.Tensor;

/** A function of tensors without parameters, usable as a layer and inside others. */
@Stable
@FunctionalInterface
public interface Activation extends Layer {

  /** Applies the function; the shape stays. */
  Tensor apply(Tensor x);

  @Override
  default Tensor forward(Tensor x, Scope scope) {
    return apply(x);
  }
}
