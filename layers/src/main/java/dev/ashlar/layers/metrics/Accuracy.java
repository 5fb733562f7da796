package dev.ashlar.layers.metrics;

import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.model.Batch;
import dev.ashlar.model.Metric;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.Tensors;
import java.util.Map;

/**
 * The share of targets that have the largest logit. Shapes: logits [batch, .., classes], integer targets
 * [batch, ..]. With a target for each logit (also of several labels), above 0 is class 1; so is a real target above
 * 0.5. Targets below 0 (padding, or a question that is not to be learned) do not count.
 */
@Name("accuracy")
@Doc("the share of targets that have the largest logit")
public record Accuracy() implements Metric {

  @Override
  public Tensors statistics(Tensors outputs, Batch batch) {
    Guesses guesses = Guesses.of(outputs.first(), batch, "accuracy");
    Tensor hits = guesses.chosen().eq(guesses.targets()).cast(DType.F32);
    return Mean.of(hits.mul(guesses.counts()), guesses.counts(), batch);
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
