package dev.ashlar.layers.losses;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.model.Batch;
import dev.ashlar.model.Loss;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.Tensors;

/**
 * The mean of q d where d = target - output is above 0, else (q - 1) d: what is learnt is the number that a share q of
 * the targets lies below (Koenker and Bassett, 1978), as {@code sklearn.metrics.mean_pinball_loss} has it. 0.5 is half
 * the absolute error: the median. Shapes: output [batch, ..], target of as many elements.
 */
@Name("quantile")
@Doc("for the number that a share of the targets lies below (pinball loss)")
public record Quantile(
    @Doc("the share; 0.5 is the median") @Default("0.5") @Range(above = 0, below = 1) double quantile)
    implements Loss {

  @Override
  public Tensor of(Tensors outputs, Batch batch) {
    Tensor y = outputs.first();
    Tensor d = Targets.like(y, batch, "quantile", "cross_entropy").sub(y);
    return batch.mean(d.mul(quantile).maximum(d.mul(quantile - 1)));
  }
}
