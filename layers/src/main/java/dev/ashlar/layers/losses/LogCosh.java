package dev.ashlar.layers.losses;

import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.model.Batch;
import dev.ashlar.model.Loss;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.Tensors;

/**
 * The mean of log cosh(output - target): squares of small errors, sizes of large ones, without a bend between them.
 * Shapes: output [batch, ..], target of as many elements.
 */
@Name("log_cosh")
@Doc("squares of small errors, sizes of large ones: log cosh(output - target)")
public record LogCosh() implements Loss {

  @Override
  public Tensor of(Tensors outputs, Batch batch) {
    Tensor y = outputs.first();
    Tensor size = y.sub(Targets.like(y, batch, "log_cosh", "cross_entropy")).abs();
    return batch.mean(size.mul(-2).exp().log1p().add(size).sub(Math.log(2)));
  }
}
