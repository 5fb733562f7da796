package dev.ashlar.layers.resampling;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.config.Tuple;
import dev.ashlar.layers.shapes.Inputs;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.Tensor;
import java.util.List;

/**
 * An image with more around it. Shapes: x [batch, channels, height, width] -> [batch, channels, top + height + bottom,
 * left + width + right].
 */
@Name("pad2d")
@Doc("an image with zeros, another number or more of itself around it")
public record Pad2d(
    @Doc("rows and columns on each side") Sides padding,
    @Doc("what they are") @Default("constant") PadMode mode,
    @Doc("the number, in mode constant") @Default("0") double value)
    implements Layer {

  /**
   * The sides of an image. In a configuration {@code [top, bottom, left, right]}, or one number for all of them.
   */
  @Tuple
  public record Sides(
      @Doc("rows above") @Range(atLeast = 0) int top,
      @Doc("rows below") @Range(atLeast = 0) int bottom,
      @Doc("columns on the left") @Range(atLeast = 0) int left,
      @Doc("columns on the right") @Range(atLeast = 0) int right) {}

  /** So many zeros on every side. */
  public static Pad2d of(int each) {
    return of(each, each, each, each);
  }

  /** Zeros. */
  public static Pad2d of(int top, int bottom, int left, int right) {
    return new Pad2d(new Sides(top, bottom, left, right), PadMode.CONSTANT, 0);
  }

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    Inputs.whole("pad2d", scope);
    return new Pads("pad2d", mode, value)
        .around(x, List.of(padding.top(), padding.left()), List.of(padding.bottom(), padding.right()));
  }

  /** This with something else than zeros. */
  public Pad2d withMode(PadMode other) {
    return new Pad2d(padding, other, value);
  }

  /** This with another number than 0. */
  public Pad2d withValue(double other) {
    return new Pad2d(padding, PadMode.CONSTANT, other);
  }
}
