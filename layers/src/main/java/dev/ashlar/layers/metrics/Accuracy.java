package dev.ashlar.layers.metrics;

import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.layers.losses.Targets;
import dev.ashlar.model.Batch;
import dev.ashlar.model.Metric;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.Tensors;
import java.util.Map;

/**
 * The share of targets that have the largest logit. Shapes: logits [batch, .., classes], integer targets
 * [batch, ..]. With one logit for each target, above 0 is class 1; so is a real target above 0.5.
 * Targets below 0 (padding, or a question that is not to be learned) do not count.
 */
@Name("accuracy")
@Doc("the share of targets that have the largest logit")
public record Accuracy() implements Metric {

  @Override
  public Tensors statistics(Tensors outputs, Batch batch) {
    Tensor y = outputs.first();
    Targets.checkClasses(y, batch.target(), "accuracy", "mean_absolute_error");
    Tensor chosen = y.dim(-1) == 1 ? y.gt(0).cast(DType.I32) : y.argMax(-1);
    boolean isNumber = y.dim(-1) == 1 && batch.target().dtype().isFloating();
    Tensor targets = (isNumber ? batch.target().gt(0.5) : batch.target()).cast(DType.I32);
    Tensor hits = chosen.reshape(targets.shape()).eq(targets).cast(DType.F32);
    Tensor counts = targets.ge(Tensor.zeros(targets.type())).cast(DType.F32);
    return Tensors.of("correct", batch.sum(hits.mul(counts)), "count", batch.sum(counts));
  }

  @Override
  public double result(Map<String, double[]> sums) {
    return sums.get("correct")[0] / sums.get("count")[0];
  }

  @Override
  public boolean largerIsBetter() {
    return true;
  }
}
