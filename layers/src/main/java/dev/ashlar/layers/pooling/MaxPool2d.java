package dev.ashlar.layers.pooling;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.layers.shapes.Inputs;
import dev.ashlar.layers.shapes.Padding;
import dev.ashlar.layers.shapes.Size;
import dev.ashlar.layers.shapes.Windows;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.Tensor;
import java.util.Optional;

/**
 * The largest of each window. Shapes: x [batch, channels,
 * height, width] -> [batch, channels, height', width'].
 */
@Name("max_pool2d")
@Doc("the largest of each window of an image")
public record MaxPool2d(
    @Doc("height and width of a window") @Default("2") Size size,
    @Doc("step between windows; the size if absent") Optional<Size> stride,
    @Doc("around the image, never chosen: same, valid, a number or a list of sides") @Default("valid")
        Padding padding,
    @Doc("distance between a window's elements") @Default("1") Size dilation,
    @Doc("whether a last window may reach over the end") @Default("false") boolean ceilMode)
    implements Layer {

  /** Square windows side by side. */
  public static MaxPool2d of(int size) {
    return new MaxPool2d(Size.square(size), Optional.empty(), Padding.Automatic.VALID, Size.ONE, false);
  }

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    Inputs.whole("max_pool2d", scope);
    Windows windows =
        new Windows("max_pool2d", size.list(), stride.orElse(size).list(), padding, dilation.list());
    return x.maxPool(size.list(), windows.pool(x, ceilMode));
  }

  /** This with another step between windows. */
  public MaxPool2d withStride(int other) {
    return new MaxPool2d(size, Optional.of(Size.square(other)), padding, dilation, ceilMode);
  }

  /** This with another padding. */
  public MaxPool2d withPadding(Padding other) {
    return new MaxPool2d(size, stride, other, dilation, ceilMode);
  }

  /** This with so much on every side. */
  public MaxPool2d withPadding(int each) {
    return withPadding(new Padding.Amount(each));
  }

  /** This with windows spread out. */
  public MaxPool2d withDilation(int other) {
    return new MaxPool2d(size, stride, padding, Size.square(other), ceilMode);
  }

  /** This with a last window that may reach over the end. */
  public MaxPool2d withCeilMode() {
    return new MaxPool2d(size, stride, padding, dilation, true);
  }
}
