package dev.ashlar.model;

import dev.ashlar.api.Stable;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.Tensors;
import java.util.Objects;

/**
 * A block with one input and one output. Implementations are immutable; a record's components are
 * its configuration.
 */
@Stable
@FunctionalInterface
public interface Layer extends Block {

  /**
   * Says what the layer computes.
   *
   * @param x the input, its first axis the batch
   * @param scope gives parameters, state, random keys and the mode
   */
  Tensor forward(Tensor x, Scope scope);

  /** The first input goes through the layer; its name is kept, other inputs are passed on. */
  @Override
  default Tensors forward(Tensors in, Scope scope) {
    return in.with(in.names().iterator().next(),
        Objects.requireNonNull(forward(in.first(), scope), "forward gave null"));
  }
}
