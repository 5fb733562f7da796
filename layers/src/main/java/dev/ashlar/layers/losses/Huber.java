package dev.ashlar.layers.losses;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.model.Batch;
import dev.ashlar.model.Loss;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.Tensors;

/**
 * The mean of d^2 / 2 where |d| is at most delta, else delta (|d| - delta / 2), of d = output - target: Huber, 1964.
 * It is not led astray by outliers. Shapes: output [batch, ..], target of as many elements.
 */
@Name("huber")
@Doc("squares of small errors, sizes of large ones")
public record Huber(
    @Doc("from this size on an error counts by its size") @Default("1") @Range(above = 0) double delta)
    implements Loss {

  @Override
  public Tensor of(Tensors outputs, Batch batch) {
    Tensor y = outputs.first();
    Tensor size = y.sub(Targets.like(y, batch, "huber", "cross_entropy")).abs();
    Tensor small = size.square().mul(0.5);
    Tensor large = size.sub(delta / 2).mul(delta);
    return batch.mean(size.le(delta).where(small, large));
  }
}
