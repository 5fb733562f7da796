package dev.ashlar.layers.losses;

import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.model.Batch;
import dev.ashlar.model.Link;
import dev.ashlar.model.Loss;
import dev.ashlar.tensor.Functions;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;

/**
 * The mean over examples of the sum of t (log t - log softmax(y)): how far the output's distribution is from the
 * target's (Kullback and Leibler, 1951). Shapes: logits y [batch, .., classes], probabilities t of as many elements.
 */
@Name("kl_divergence")
@Doc("how far softmax of the output is from probabilities")
public record KlDivergence() implements Loss {

  @Override
  public Link link(TensorType output, TensorType target) {
    return Link.SOFTMAX;
  }

  @Override
  public Tensor of(Tensors outputs, Batch batch) {
    Tensor y = outputs.first();
    Tensor t = Targets.like(y, batch, "kl_divergence", "cross_entropy");
    // 0 log 0 is 0.
    Tensor entropy = t.mul(t.maximum(Float.MIN_NORMAL).log());
    Tensor losses = entropy.sub(t.mul(Functions.logSoftmax(y, -1))).sum(-1);
    return batch.mean(losses.reshape(losses.shape().remove(-1)));
  }
}
