package dev.ashlar.layers.losses;

import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.model.Batch;
import dev.ashlar.model.Loss;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.Tensors;

/**
 * The mean over classes of max(0, 1 - (score of the target - score of another)), the target's own left out, as in
 * {@code torch.nn.MultiMarginLoss}. Shapes: scores [batch, .., classes], integer targets [batch, ..]. With a yes or no
 * for each score (above 0 is yes) the mean of max(0, 1 - score) and max(0, 1 + score).
 */
@Name("hinge")
@Doc("how far other classes come within a margin of 1 of the target's score")
public record Hinge() implements Loss {

  @Override
  public Tensor of(Tensors outputs, Batch batch) {
    Tensor y = outputs.first();
    if (Targets.areYesOrNo(y, batch.target())) {
      Tensor isYes = Targets.like(y, batch, "hinge", "cross_entropy").gt(0);
      return batch.mean(isYes.where(y.neg(), y).add(1).maximum(0));
    }
    Tensor isTarget = Targets.isClass(y, Targets.classes(y, batch, "hinge", "mean_absolute_error"));
    Tensor over = y.sub(Targets.score(y, isTarget)).add(1).maximum(0);
    Tensor losses = isTarget.where(Tensor.zeros(y.type()), over).mean(-1);
    return batch.mean(losses.reshape(losses.shape().remove(-1)));
  }
}
