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
 * The mean of each of so many windows, as equal as can be: window i of n goes from floor(i extent / n) to ceil((i + 1)
 * extent / n). Shapes: x [batch, channels, height, width] -> [batch, channels, size..].
 */
@Name("adaptive_avg_pool2d")
@Doc("the mean of each of so many windows of an image")
public record AdaptiveAvgPool2d(@Doc("height and width of the result") Size size)
    implements Layer {

  /** As many rows as columns. */
  public static AdaptiveAvgPool2d of(int size) {
    return new AdaptiveAvgPool2d(Size.square(size));
  }

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    Inputs.whole("adaptive_avg_pool2d", scope);
    Inputs.spatial("adaptive_avg_pool2d", x, 2);
    Inputs.real("adaptive_avg_pool2d", x);
    return Adaptive.pool(x, size.list(), Op.PoolKind.SUM);
  }
}
