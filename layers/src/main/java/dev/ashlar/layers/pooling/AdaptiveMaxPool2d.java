package dev.ashlar.layers.pooling;

import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.layers.shapes.Inputs;
import dev.ashlar.layers.shapes.Size;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Tensor;

/**
 * The largest of each of so many windows, as equal as can be: window i of n goes from floor(i extent / n) to
 * ceil((i + 1) extent / n). Shapes: x [batch, channels, height, width] -> [batch, channels, size..].
 */
@Name("adaptive_max_pool2d")
@Doc("the largest of each of so many windows of an image")
public record AdaptiveMaxPool2d(@Doc("height and width of the result") Size size)
    implements Layer {

  /** As many rows as columns. */
  public static AdaptiveMaxPool2d of(int size) {
    return new AdaptiveMaxPool2d(Size.square(size));
  }

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    Inputs.whole("adaptive_max_pool2d", scope);
    Inputs.spatial("adaptive_max_pool2d", x, 2);
    return Adaptive.pool(x, size.list(), Op.PoolKind.MAX);
  }
}
