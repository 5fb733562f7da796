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
 * The mean over classes of max(0, margin - (score of the target - score of another)), the target's own left out, as in
 * {@code torch.nn.MultiMarginLoss}. Shapes: scores [batch, .., classes], integer targets [batch, ..]. With a yes or no
 * for each score (above 0 is yes) the mean of max(0, margin - score) and max(0, margin + score).
 */
@Name("hinge")
@Doc("how far other classes come within a margin of the target's score")
public record Hinge(
    @Doc("how much larger the target's score must be") @Default("1") @Range(above = 0) double margin,
    @Doc("whether what is missing counts by its square") @Default("false") boolean squared)
    implements Loss {

  /** With a margin of 1, not squared. */
  public Hinge() {
    this(1, false);
  }

  @Override
  public Tensor of(Tensors outputs, Batch batch) {
    Tensor y = outputs.first();
    if (Targets.areYesOrNo(y, batch.target())) {
      Tensor isYes = Targets.like(y, batch, "hinge", "cross_entropy").gt(0);
      return batch.mean(missing(isYes.where(y.neg(), y)));
    }
    Tensor isTarget = Targets.isClass(y, Targets.classes(y, batch, "hinge", "mean_absolute_error"));
    Tensor over = missing(y.sub(Targets.score(y, isTarget)));
    Tensor losses = isTarget.where(Tensor.zeros(y.type()), over).mean(-1);
    return batch.mean(losses.reshape(losses.shape().remove(-1)));
  }

  private Tensor missing(Tensor over) {
    Tensor missing = over.add(margin).maximum(0);
    return squared ? missing.square() : missing;
  }
}
