package dev.ashlar.layers.metrics;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.layers.losses.Targets;
import dev.ashlar.model.Batch;
import dev.ashlar.model.Metric;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.Tensors;
import java.util.Map;

/**
 * The share of targets of which fewer than k classes have larger logits. Shapes: logits [batch, .., classes], integer
 * targets [batch, ..]. Targets below 0 do not count.
 */
@Name("top_k")
@Doc("the share of targets that are among the k largest logits")
public record TopK(@Doc("how many guesses") @Default("5") @Range(atLeast = 1) int k) implements Metric {

  @Override
  public Tensors statistics(Tensors outputs, Batch batch) {
    Tensor y = outputs.first();
    Tensor targets = Targets.classes(y, batch, "top_k", "mean_absolute_error");
    if (k >= y.dim(-1)) {
      throw new ShapeException("top_k", "fewer guesses than there are classes: below " + y.dim(-1), k + " guesses",
          "say how many: 'top_k: 1', for example");
    }
    Tensor score = Targets.score(y, Targets.isClass(y, targets));
    Tensor before = y.gt(score.broadcastTo(y.shape())).cast(DType.F32).sum(-1).reshape(targets.shape());
    Tensor counts = Guesses.counts(targets);
    return Mean.of(before.lt(k).cast(DType.F32).mul(counts), counts, batch);
  }

  @Override
  public double result(Map<String, double[]> sums) {
    return Mean.result(sums);
  }

  @Override
  public boolean largerIsBetter() {
    return true;
  }
}
