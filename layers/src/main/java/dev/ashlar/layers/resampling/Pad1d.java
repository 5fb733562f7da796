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
 * A sequence with more around it. Shapes: x [batch, channels, length] -> [batch, channels, before + length + after].
 */
@Name("pad1d")
@Doc("a sequence with zeros, another number or more of itself around it")
public record Pad1d(
    @Doc("elements before and after") Ends padding,
    @Doc("what they are") @Default("constant") PadMode mode,
    @Doc("the number, in mode constant") @Default("0") double value)
    implements Layer {

  /** The two sides of a sequence. In a configuration {@code [before, after]}, or one number for both. */
  @Tuple
  public record Ends(
      @Doc("elements before") @Range(atLeast = 0) int before,
      @Doc("elements after") @Range(atLeast = 0) int after) {}

  /** Zeros. */
  public static Pad1d of(int before, int after) {
    return new Pad1d(new Ends(before, after), PadMode.CONSTANT, 0);
  }

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    Inputs.whole("pad1d", scope);
    return new Pads("pad1d", mode, value).around(x, List.of(padding.before()), List.of(padding.after()));
  }

  /** This with something else than zeros. */
  public Pad1d withMode(PadMode other) {
    return new Pad1d(padding, other, value);
  }

  /** This with another number than 0. */
  public Pad1d withValue(double other) {
    return new Pad1d(padding, PadMode.CONSTANT, other);
  }
}
