package dev.ashlar.layers.joining;

import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.model.Block;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.Tensors;

/**
 * y = x_1 * x_2 * .., element by element. Shapes: all x [batch, ..] of one rank, whose extents are equal or 1 -> the
 * larger of each. The result has the name of the first.
 */
@Name("multiply")
@Doc("the product of all that it takes, element by element")
public record Multiply() implements Block {

  @Override
  public Tensors forward(Tensors in, Scope scope) {
    return Joining.elementwise("multiply", in, Tensor::mul);
  }
}
