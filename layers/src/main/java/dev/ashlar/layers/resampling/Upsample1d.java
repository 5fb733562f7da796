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
 * A sequence enlarged by a whole factor. Shapes: x [batch, channels, length] -> [batch,
 * channels, factor length].
 */
@Name("upsample1d")
@Doc("a sequence enlarged by a whole factor")
public record Upsample1d(
    @Doc("how many times as long") @Default("2") @Range(atLeast = 1) int factor,
    @Doc("how it is filled") @Default("nearest") Interpolation mode,
    @Doc("for linear, whether the corners keep their places") @Default("false") boolean alignCorners)
    implements Layer {

  /** Filled with the nearest. */
  public static Upsample1d of(int factor) {
    return new Upsample1d(factor, Interpolation.NEAREST, false);
  }

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    Inputs.whole("upsample1d", scope);
    return new Resampling("upsample1d", mode, alignCorners).enlarged(x, List.of(factor));
  }

  /** This with linear interpolation. */
  public Upsample1d linear() {
    return new Upsample1d(factor, Interpolation.LINEAR, alignCorners);
  }

  /** This with linear interpolation between corners that keep their places. */
  public Upsample1d linearWithAlignedCorners() {
    return new Upsample1d(factor, Interpolation.LINEAR, true);
  }
}
