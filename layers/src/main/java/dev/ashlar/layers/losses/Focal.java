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

/**
 * Cross-entropy times (1 - p)^gamma, p the probability of the target: what is classified well counts little (Lin et
 * al., 2017, equation 4). Shapes: logits [batch, .., classes], integer targets [batch, ..]; or a yes or no (1 or 0) for
 * each logit.
 */
@Name("focal")
@Doc("cross-entropy in which what is classified well counts little")
public record Focal(
    @Doc("how much less; 0 is cross-entropy") @Default("2") @Range(atLeast = 0) double gamma)
    implements Loss {

  @Override
  public Link link(TensorType output, TensorType target) {
    return Targets.areYesOrNo(output, target) ? Link.SIGMOID : Link.SOFTMAX;
  }

  @Override
  public Tensor of(Tensors outputs, Batch batch) {
    Tensor y = outputs.first();
    Tensor losses = Targets.areYesOrNo(y, batch.target())
        ? BinaryCrossEntropy.losses(y, Targets.like(y, batch, "focal", "cross_entropy"))
        : Functions.softmaxCrossEntropy(y, Targets.classes(y, batch, "focal", "mean_squared_error"));
    // 1 - p is -expm1(-loss); its logarithm must not be asked of 0.
    Tensor missing = losses.neg().expm1().neg().maximum(1e-12);
    return batch.mean(gamma == 0 ? losses : missing.log().mul(gamma).exp().mul(losses));
  }
}
