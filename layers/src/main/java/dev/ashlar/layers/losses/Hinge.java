package dev.ashlar.layers.losses;

import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.model.Batch;
import dev.ashlar.model.Loss;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.Tensors;

/**
 * The mean over classes of max(0, 1 - (score of the target - score of another)), the target's own left out, as in
 * {@code torch.nn.MultiMarginLoss}. Shapes: scores [batch, .., classes], integer targets [batch, ..].
 */
@Name("hinge")
@Doc("how far other classes come within a margin of 1 of the target's score")
public record Hinge() implements Loss {

  @Override
  public Tensor of(Tensors outputs, Batch batch) {
    Tensor y = outputs.first();
    Targets.checkClasses(y, batch.target(), "hinge", "mean_absolute_error");
    Tensor targets = batch.target().cast(DType.I32).expandDims(-1);
    Tensor classes = Tensor.iota(y.type().withDType(DType.I32), y.rank() - 1);
    Tensor isTarget = classes.eq(targets.broadcastTo(y.shape()));
    Tensor score = isTarget.where(y, Tensor.zeros(y.type())).sum(-1);
    Tensor over = y.sub(score).add(1).maximum(0);
    Tensor losses = isTarget.where(Tensor.zeros(y.type()), over).mean(-1);
    return batch.mean(losses.reshape(losses.shape().remove(-1)));
  }
}
