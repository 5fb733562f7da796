package dev.ashlar.layers.pooling;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.layers.shapes.Inputs;
import dev.ashlar.layers.shapes.Padding;
import dev.ashlar.layers.shapes.Windows;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * The largest of each window. Shapes: x [batch, channels, length] -> [batch, channels, length'].
 */
@Name("max_pool1d")
@Doc("the largest of each window of a sequence")
public record MaxPool1d(
    @Doc("length of a window") @Default("2") @Range(atLeast = 1) int size,
    @Doc("step between windows; the size if absent") @Range(atLeast = 1) Optional<Integer> stride,
    @Doc("around the sequence, never chosen: same, valid, a number or a list of sides") @Default("valid")
        Padding padding,
    @Doc("distance between a window's elements") @Default("1") @Range(atLeast = 1) int dilation,
    @Doc("whether a last window may reach over the end") @Default("false") boolean ceilMode)
    implements Layer {

  /** Windows side by side. */
  public static MaxPool1d of(int size) {
    return new MaxPool1d(size, Optional.empty(), Padding.Automatic.VALID, 1, false);
  }

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    Inputs.whole("max_pool1d", scope);
    Windows windows =
        new Windows("max_pool1d", List.of(size), List.of(stride.orElse(size)), padding, List.of(dilation));
    return x.maxPool(List.of(size), windows.pool(x, ceilMode));
  }

  /** This with another step between windows. */
  public MaxPool1d withStride(int other) {
    return new MaxPool1d(size, Optional.of(other), padding, dilation, ceilMode);
  }

  /** This with another padding. */
  public MaxPool1d withPadding(Padding other) {
    return new MaxPool1d(size, stride, other, dilation, ceilMode);
  }

  /** This with so much on every side. */
  public MaxPool1d withPadding(int each) {
    return withPadding(new Padding.Amount(each));
  }

  /** This with windows spread out. */
  public MaxPool1d withDilation(int other) {
    return new MaxPool1d(size, stride, padding, other, ceilMode);
  }

  /** This with a last window that may reach over the end. */
  public MaxPool1d withCeilMode() {
    return new MaxPool1d(size, stride, padding, dilation, true);
  }
}
