package dev.ashlar.layers.metrics;

import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.layers.losses.Targets;
import dev.ashlar.model.Batch;
import dev.ashlar.model.Metric;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Functions;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.Tensors;
import java.util.Map;

/**
 * exp of the mean of -log softmax(logits)[target]: among how many equally likely classes a model is torn. Shapes:
 * logits [batch, .., classes], integer targets [batch, ..]. Targets below 0 do not count.
 */
@Name("perplexity")
@Doc("exp of the mean cross-entropy: among how many classes a model is torn")
public record Perplexity() implements Metric {

  @Override
  public Tensors statistics(Tensors outputs, Batch batch) {
    Tensor logits = outputs.first();
    Tensor targets = Targets.severalClasses(logits, batch, "perplexity", "mean_absolute_error");
    Tensor counts = Guesses.counts(targets);
    Tensor losses = Functions.softmaxCrossEntropy(logits, targets.maximum(0)).cast(DType.F32);
    return Mean.of(losses.mul(counts), counts, batch);
  }

  @Override
  public double result(Map<String, double[]> sums) {
    return Math.exp(Mean.result(sums));
  }
}
