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
 * The mean of each window; padding does not count, unless asked for. Shapes: x [batch, channels,
 * length] -> [batch, channels, length'].
 */
@Name("avg_pool1d")
@Doc("the mean of each window of a sequence")
public record AvgPool1d(
    @Doc("length of a window") @Default("2") @Range(atLeast = 1) int size,
    @Doc("step between windows; the size if absent") @Range(atLeast = 1) Optional<Integer> stride,
    @Doc("around the sequence, not counted: same, valid, a number or a list of sides") @Default("valid")
        Padding padding,
    @Doc("whether a last window may reach over the end") @Default("false") boolean ceilMode,
    @Doc("whether padding counts, as zeros") @Default("false") boolean countIncludePad)
    implements Layer {

  /** Windows side by side. */
  public static AvgPool1d of(int size) {
    return new AvgPool1d(size, Optional.empty(), Padding.Automatic.VALID, false, false);
  }

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    Inputs.whole("avg_pool1d", scope);
    Inputs.real("avg_pool1d", x);
    Windows windows =
        new Windows("avg_pool1d", List.of(size), List.of(stride.orElse(size)), padding, List.of(1));
    return Means.of(x, windows, ceilMode, countIncludePad);
  }

  /** This with another step between windows. */
  public AvgPool1d withStride(int other) {
    return new AvgPool1d(size, Optional.of(other), padding, ceilMode, countIncludePad);
  }

  /** This with another padding. */
  public AvgPool1d withPadding(Padding other) {
    return new AvgPool1d(size, stride, other, ceilMode, countIncludePad);
  }

  /** This with so much on every side. */
  public AvgPool1d withPadding(int each) {
    return withPadding(new Padding.Amount(each));
  }

  /** This with a last window that may reach over the end. */
  public AvgPool1d withCeilMode() {
    return new AvgPool1d(size, stride, padding, true, countIncludePad);
  }

  /** This with padding that counts, as zeros. */
  public AvgPool1d withCountIncludePad() {
    return new AvgPool1d(size, stride, padding, ceilMode, true);
  }
}
