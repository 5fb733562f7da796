package dev.ashlar.layers.resampling;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.layers.shapes.Inputs;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.Tensor;
import java.util.List;

/**
 * A sequence brought to a size. Shapes: x [batch, channels, length] -> [batch,
 * channels, size].
 */
@Name("resize1d")
@Doc("a sequence brought to a size")
public record Resize1d(
    @Doc("length of the result") @Range(atLeast = 1) int size,
    @Doc("how it is filled") @Default("nearest") Interpolation mode,
    @Doc("for linear, whether the corners keep their places") @Default("false") boolean alignCorners)
    implements Layer {

  /** Filled with the nearest. */
  public static Resize1d of(int size) {
    return new Resize1d(size, Interpolation.NEAREST, false);
  }

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    Inputs.whole("resize1d", scope);
    return new Resampling("resize1d", mode, alignCorners).resized(x, List.of(size));
  }

  /** This with linear interpolation. */
  public Resize1d linear() {
    return new Resize1d(size, Interpolation.LINEAR, alignCorners);
  }

  /** This with linear interpolation between corners that keep their places. */
  public Resize1d linearWithAlignedCorners() {
    return new Resize1d(size, Interpolation.LINEAR, true);
  }
}
