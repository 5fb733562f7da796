package dev.ashlar.layers.metrics;

import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.layers.losses.Targets;
import dev.ashlar.model.Batch;
import dev.ashlar.model.Metric;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.Tensors;
import java.util.Map;

/** The mean of (output - target)^2. Shapes: output [batch, ..], target of as many elements. */
@Name("mean_squared_error")
@Doc("the mean of (output - target)^2")
public record MeanSquaredError() implements Metric {

  @Override
  public Tensors statistics(Tensors outputs, Batch batch) {
    Tensor y = outputs.first();
    return Mean.of(y.sub(Targets.like(y, batch, "mean_squared_error", "accuracy")).square(), batch);
  }

  @Override
  public double result(Map<String, double[]> sums) {
    return Mean.result(sums);
  }
}
