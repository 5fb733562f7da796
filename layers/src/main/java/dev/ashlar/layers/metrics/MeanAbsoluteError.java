package dev.ashlar.layers.metrics;

import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.layers.losses.Targets;
import dev.ashlar.model.Batch;
import dev.ashlar.model.Metric;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.Tensors;
import java.util.Map;

/** The mean of |output - target|. Shapes: output [batch, ..], target of as many elements. */
@Name("mean_absolute_error")
@Doc("the mean of |output - target|")
public record MeanAbsoluteError() implements Metric {

  @Override
  public Tensors statistics(Tensors outputs, Batch batch) {
    Tensor y = outputs.first();
    Tensor errors = y.sub(Targets.like(y, batch, "mean_absolute_error", "accuracy")).abs();
    return Mean.of(errors, batch);
  }

  @Override
  public double result(Map<String, double[]> sums) {
    return Mean.result(sums);
  }
}
