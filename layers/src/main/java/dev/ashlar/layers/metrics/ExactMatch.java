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
 * The share of examples of which every target has the largest logit. Shapes: logits [batch, .., classes], integer
 * targets [batch, ..]; of several labels, each above 0 is guessed to be there. Targets below 0 (padding, or a question
 * that is not to be learned) do not count, nor do examples that have no others.
 *
 * <p>Of a model that tells which token follows, these are the examples that it would go on with as it should, token by
 * token, each time with the likeliest (greedily): as long as its tokens are right, what it is given next is what the
 * example has.
 */
@Name("exact_match")
@Doc("the share of examples of which every target has the largest logit")
public record ExactMatch() implements Metric {

  @Override
  public Tensors statistics(Tensors outputs, Batch batch) {
    Guesses guesses = Guesses.of(outputs.first(), batch, "exact_match");
    int examples = guesses.targets().dim(0);
    Tensor counts = guesses.counts().reshape(examples, -1); // (B, T)
    Tensor misses = guesses.chosen().ne(guesses.targets()).cast(DType.F32).reshape(examples, -1).mul(counts);
    Tensor whole = counts.max(1).reshape(examples);
    return Mean.of(whole.mul(misses.max(1).reshape(examples).neg().add(1)), whole, batch);
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
