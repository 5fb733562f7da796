package dev.ashlar.layers.losses;

import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.model.Batch;
import dev.ashlar.model.Loss;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.Tensors;

/** The mean of 1 - cos of the angle between output and target. Shapes: both [batch, .., n]. */
@Name("cosine_distance")
@Doc("1 - the cosine between output and target")
public record CosineDistance() implements Loss {

  @Override
  public Tensor of(Tensors outputs, Batch batch) {
    Tensor y = outputs.first();
    Tensor t = Targets.like(y, batch, "cosine_distance", "cross_entropy");
    Tensor lengths = y.square().sum(-1).add(1e-12).mul(t.square().sum(-1).add(1e-12)).sqrt();
    Tensor cosine = y.mul(t).sum(-1).div(lengths);
    return batch.mean(cosine.reshape(cosine.shape().remove(-1)).neg().add(1));
  }
}
