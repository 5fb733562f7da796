package dev.ashlar.layers;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import java.util.Optional;

/**
 * The mean of each window; padding does not count. Shapes: x [batch, channels, height, width] -> [batch,
 * channels, height', width'].
 */
@Name("avg_pool2d")
@Doc("the mean of each window of an image")
public record AvgPool2d(
    @Doc("height and width of a window") @Default("2") Size size,
    @Doc("step between windows; the size if absent") Optional<Size> stride,
    @Doc("around the image, not counted: same, valid or a number") @Default("valid") Padding padding)
    implements Layer {

  /** Square windows side by side. */
  public static AvgPool2d of(int size) {
    return new AvgPool2d(Size.square(size), Optional.empty(), Padding.Automatic.VALID);
  }

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    Images.check("avg_pool2d", x);
    Op.Window window = Images.window("avg_pool2d", x, padding, size, stride.orElse(size), Size.ONE);
    Tensor ones = Tensor.full(x.type().withShape(Shape.of(1, 1, x.dim(2), x.dim(3))), 1);
    return x.sumPool(size.list(), window).div(ones.sumPool(size.list(), window));
  }
}
