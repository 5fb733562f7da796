package dev.ashlar.layers.metrics;

import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.layers.losses.Targets;
import dev.ashlar.model.Batch;
import dev.ashlar.model.Metric;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.Tensors;
import java.util.Map;

/**
 * The mean of |output - target| / |target|, as {@code sklearn.metrics.mean_absolute_percentage_error} has it: 0.1 is
 * ten per cent. Targets near 0 make it huge. Shapes: output [batch, ..], target of as many elements.
 */
@Name("mean_absolute_percentage_error")
@Doc("the mean of |output - target| / |target|; 0.1 is ten per cent")
public record MeanAbsolutePercentageError() implements Metric {

  private static final double SMALLEST = Math.ulp(1.0);

  @Override
  public Tensors statistics(Tensors outputs, Batch batch) {
    Tensor y = outputs.first();
    Tensor t = Targets.like(y, batch, "mean_absolute_percentage_error", "accuracy");
    return Mean.of(y.sub(t).abs().div(t.abs().maximum(SMALLEST)), batch);
  }

  @Override
  public double result(Map<String, double[]> sums) {
    return Mean.result(sums);
  }
}
