package dev.ashlar.io.transforms;

import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.model.Scope;
import dev.ashlar.model.Transform;
import dev.ashlar.tensor.Tensor;

/**
 * In training, each image is multiplied by a number from 1 - most to 1 + most; otherwise it stays. Shapes: x [batch,
 * channels, height, width] -> the same.
 */
@Name("random_brightness")
@Doc("in training, makes images brighter or darker at random")
public record RandomBrightness(
    @Doc("the most by which 1 may be changed") @Range(atLeast = 0, atMost = 1) double most) implements Transform {

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    Chances.check(x, "random_brightness");
    if (!scope.training() || most == 0) return x;
    Tensor factor = Chances.uniform(x, scope, "brightness").mul(2 * most).add(1 - most).reshape(x.dim(0), 1, 1, 1);
    return x.mul(factor.cast(x.dtype()).broadcastTo(x.shape()));
  }
}
