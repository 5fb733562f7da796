package dev.ashlar.layers;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.Tensor;
import java.util.Optional;

/**
 * The largest of each window. Shapes: x [batch, channels, height, width] -> [batch, channels, height',
 * width'].
 */
@Name("max_pool2d")
@Doc("the largest of each window of an image")
public record MaxPool2d(
    @Doc("height and width of a window") @Default("2") Size size,
    @Doc("step between windows; the size if absent") Optional<Size> stride,
    @Doc("around the image, never chosen: same, valid or a number") @Default("valid") Padding padding)
    implements Layer {

  /** Square windows side by side. */
  public static MaxPool2d of(int size) {
    return new MaxPool2d(Size.square(size), Optional.empty(), Padding.Automatic.VALID);
  }

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    Images.check("max_pool2d", x);
    return x.maxPool(size.list(), Images.window("max_pool2d", x, padding, size, stride.orElse(size), Size.ONE));
  }
}
