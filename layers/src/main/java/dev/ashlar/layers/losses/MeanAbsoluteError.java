package dev.ashlar.layers.losses;

import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.model.Batch;
import dev.ashlar.model.Loss;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.Tensors;

/** The mean of |output - target|. Shapes: output [batch, ..], target of as many elements. */
@Name("mean_absolute_error")
@Doc("the mean of |output - target|")
public record MeanAbsoluteError() implements Loss {

  @Override
  public Tensor of(Tensors outputs, Batch batch) {
    Tensor y = outputs.first();
    return batch.mean(y.sub(Targets.like(y, batch, "mean_absolute_error", "cross_entropy")).abs());
  }
}
