package dev.ashlar.layers.losses;

import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.model.Batch;
import dev.ashlar.model.Loss;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.Tensors;

/** The mean of (output - target)^2. Shapes: output [batch, ..], target of as many elements. */
@Name("mean_squared_error")
@Doc("the mean of (output - target)^2")
public record MeanSquaredError() implements Loss {

  @Override
  public Tensor of(Tensors outputs, Batch batch) {
    Tensor y = outputs.first();
    return batch.mean(y.sub(Targets.like(y, batch, "mean_squared_error", "cross_entropy")).square());
  }
}
