package dev.ashlar.model;

import dev.ashlar.api.Stable;
import dev.ashlar.config.Name;
import dev.ashlar.config.Shorthand;
import dev.ashlar.tensor.Tensors;

/**
 * A part of a model with any number of named inputs and outputs: masks, positions, several streams,
 * recurrent state. Implementations are immutable; a record's components are its configuration. A
 * {@link Layer} is the common case of one tensor in and one out. In a configuration, a list stands for the
 * implementation named {@code sequential}.
 */
@Stable
@Name("layer")
@Shorthand(list = "sequential")
@FunctionalInterface
public interface Block {

  /**
   * Says what the block computes.
   *
   * @param in named inputs
   * @param scope gives parameters, state, random keys and the mode
   * @return named outputs
   */
  Tensors forward(Tensors in, Scope scope);
}
