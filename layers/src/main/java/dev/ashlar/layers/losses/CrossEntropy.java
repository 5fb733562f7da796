package dev.ashlar.layers.losses;

import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.model.Batch;
import dev.ashlar.model.Loss;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Functions;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.Tensors;
import java.util.Optional;

/**
 * The mean of -log softmax(logits)[target]. Shapes: logits [batch, .., classes], integer targets [batch, ..].
 * A target that is no class makes the loss NaN, but for {@code ignoreIndex}, which does not count.
 */
@Name("cross_entropy")
@Doc("cross-entropy of class numbers given logits")
public record CrossEntropy(
    @Doc("a target that does not count, such as padding") Optional<Integer> ignoreIndex)
    implements Loss {

  /** Every target counts. */
  public CrossEntropy() {
    this(Optional.empty());
  }

  @Override
  public Tensor of(Tensors outputs, Batch batch) {
    Targets.checkClasses(outputs.first(), batch.target(), "cross_entropy", "mean_squared_error");
    if (outputs.first().dim(-1) == 1) {
      throw new ShapeException("cross_entropy", "scores of two classes or more",
          "target " + batch.target().type() + " for output " + outputs.first().type(),
          (batch.target().dtype().isFloating() ? "a target of numbers wants 'mean_squared_error', " : "")
              + "yes or no wants 'binary_cross_entropy'");
    }
    Tensor targets = batch.target().cast(DType.I32);
    Tensor losses = Functions.softmaxCrossEntropy(outputs.first(), targets);
    if (ignoreIndex.isEmpty()) {
      return batch.mean(losses);
    }
    Tensor counts = targets.ne(Tensor.full(targets.type(), ignoreIndex.get()));
    Tensor weights = counts.cast(losses.dtype()).mul(batch.weight(targets.rank()).cast(losses.dtype()));
    Tensor kept = counts.where(losses, Tensor.zeros(losses.type()));
    return kept.mul(weights).sum().div(weights.sum().maximum(1e-30));
  }
}
