package dev.ashlar.layers.losses;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.model.Batch;
import dev.ashlar.model.Link;
import dev.ashlar.model.Loss;
import dev.ashlar.tensor.Functions;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import java.util.List;
import java.util.Optional;

/**
 * The mean of -w t log sigmoid(y) - (1 - t) log(1 - sigmoid(y)), computed from y without overflow, as {@code
 * torch.nn.BCEWithLogitsLoss} has it. Shapes: logits y [batch, ..], targets t from 0 to 1 of as many elements: one yes
 * or no for each example, or one for each of several labels, [batch, .., labels]. The weight w of a yes is 1 unless
 * {@code positiveWeights} says otherwise, one number for each label: usually how many noes there are for a yes.
 */
@Name("binary_cross_entropy")
@Doc("cross-entropy of yes-or-no targets (0 to 1) given logits, one or one for each label")
public record BinaryCrossEntropy(
    @Doc("how much a yes of each label counts; none: as much as a no") @Range(atLeast = 0)
        Optional<List<Double>> positiveWeights,
    @Doc("share of a target that is spread over yes and no") @Default("0") @Range(atLeast = 0, below = 1)
        double labelSmoothing)
    implements Loss {

  /** A yes counts as much as a no. */
  public BinaryCrossEntropy() {
    this(Optional.empty(), 0);
  }

  /** This with a weight for the yeses of each label. */
  public BinaryCrossEntropy withPositiveWeights(List<Double> weights) {
    return new BinaryCrossEntropy(Optional.of(weights), labelSmoothing);
  }

  /** This with a share of each target spread over yes and no. */
  public BinaryCrossEntropy withLabelSmoothing(double share) {
    return new BinaryCrossEntropy(positiveWeights, share);
  }

  @Override
  public Link link(TensorType output, TensorType target) {
    return Link.SIGMOID;
  }

  @Override
  public Tensor of(Tensors outputs, Batch batch) {
    Tensor y = outputs.first();
    Tensor told = Targets.like(y, batch, "binary_cross_entropy", "cross_entropy");
    Tensor t = labelSmoothing == 0 ? told : told.mul(1 - labelSmoothing).add(labelSmoothing / 2);
    if (positiveWeights.isEmpty()) {
      return batch.mean(losses(y, t));
    }
    // -log sigmoid(y) is softplus(y) - y, and -log(1 - sigmoid(y)) is softplus(y).
    Tensor weights = Targets.weights(positiveWeights.get(), y, "binary_cross_entropy", "positive_weights", "label");
    Tensor yes = t.mul(weights);
    return batch.mean(softplus(y).mul(yes.sub(t).add(1)).sub(y.mul(yes)));
  }

  /** The loss of each element, yeses and noes alike. */
  static Tensor losses(Tensor y, Tensor t) {
    return softplus(y).sub(y.mul(t));
  }

  /** log(1 + exp(y)). */
  private static Tensor softplus(Tensor y) {
    return Functions.relu(y).add(y.abs().neg().exp().log1p());
  }
}
