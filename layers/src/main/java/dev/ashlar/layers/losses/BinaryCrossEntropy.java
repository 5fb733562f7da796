package dev.ashlar.layers.losses;

import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.model.Batch;
import dev.ashlar.model.Loss;
import dev.ashlar.tensor.Functions;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.Tensors;

/**
 * The mean of -t log sigmoid(y) - (1 - t) log(1 - sigmoid(y)), computed from y without overflow. Shapes:
 * logits y [batch, ..], targets t from 0 to 1 of as many elements.
 */
@Name("binary_cross_entropy")
@Doc("cross-entropy of yes-or-no targets (0 to 1) given logits")
public record BinaryCrossEntropy() implements Loss {

  @Override
  public Tensor of(Tensors outputs, Batch batch) {
    Tensor y = outputs.first();
    Tensor softplus = Functions.relu(y).add(y.abs().neg().exp().log1p());
    return batch.mean(softplus.sub(y.mul(Targets.like(y, batch, "binary_cross_entropy", "cross_entropy"))));
  }
}
