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
 * The mean of each window; padding does not count, unless asked for. Shapes: x [batch, channels,
 * height, width] -> [batch, channels, height', width'].
 */
@Name("avg_pool2d")
@Doc("the mean of each window of an image")
public record AvgPool2d(
    @Doc("height and width of a window") @Default("2") Size size,
    @Doc("step between windows; the size if absent") Optional<Size> stride,
    @Doc("around the image, not counted: same, valid, a number or a list of sides") @Default("valid")
        Padding padding,
    @Doc("whether a last window may reach over the end") @Default("false") boolean ceilMode,
    @Doc("whether padding counts, as zeros") @Default("false") boolean countIncludePad)
    implements Layer {

  /** Square windows side by side. */
  public static AvgPool2d of(int size) {
    return new AvgPool2d(Size.square(size), Optional.empty(), Padding.Automatic.VALID, false, false);
  }

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    Inputs.whole("avg_pool2d", scope);
    Inputs.real("avg_pool2d", x);
    Windows windows =
        new Windows("avg_pool2d", size.list(), stride.orElse(size).list(), padding, Size.ONE.list());
    return Means.of(x, windows, ceilMode, countIncludePad);
  }

  /** This with another step between windows. */
  public AvgPool2d withStride(int other) {
    return new AvgPool2d(size, Optional.of(Size.square(other)), padding, ceilMode, countIncludePad);
  }

  /** This with another padding. */
  public AvgPool2d withPadding(Padding other) {
    return new AvgPool2d(size, stride, other, ceilMode, countIncludePad);
  }

  /** This with so much on every side. */
  public AvgPool2d withPadding(int each) {
    return withPadding(new Padding.Amount(each));
  }

  /** This with a last window that may reach over the end. */
  public AvgPool2d withCeilMode() {
    return new AvgPool2d(size, stride, padding, true, countIncludePad);
  }

  /** This with padding that counts, as zeros. */
  public AvgPool2d withCountIncludePad() {
    return new AvgPool2d(size, stride, padding, ceilMode, true);
  }
}
