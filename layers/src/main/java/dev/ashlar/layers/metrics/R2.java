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
 * The share of the target's variance that the output explains: 1 - sum (output - target)^2 / sum (target - mean)^2, 1
 * at best, 0 for the mean alone; of several numbers for each example the mean, as {@code sklearn.metrics.r2_score} has
 * it. Sums are in single precision: of targets whose mean is some hundred times their deviation, digits are lost.
 * Shapes: output [batch, ..], target of as many elements.
 */
@Name("r2")
@Doc("the share of the target's variance that is explained")
public record R2() implements Metric {

  @Override
  public Tensors statistics(Tensors outputs, Batch batch) {
    Tensor y = outputs.first().reshape(outputs.first().dim(0), -1);
    Tensor t = Targets.like(outputs.first(), batch, "r2", "accuracy").reshape(y.shape());
    Tensor weights = batch.weight(2).cast(y.dtype());
    Tensor ones = Tensor.full(y.type(), 1);
    return Tensors.of("error", y.sub(t).square().mul(weights).sum(0), "target", t.mul(weights).sum(0))
        .with("square", t.square().mul(weights).sum(0)).with("count", ones.mul(weights).sum(0));
  }

  @Override
  public double result(Map<String, double[]> sums) {
    double[] errors = sums.get("error");
    double result = 0;
    for (int i = 0; i < errors.length; i++) {
      double total = sums.get("target")[i];
      double variation = sums.get("square")[i] - total * total / sums.get("count")[i];
      result += (1 - errors[i] / variation) / errors.length;
    }
    return result;
  }

  @Override
  public boolean largerIsBetter() {
    return true;
  }
}
