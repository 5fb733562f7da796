package dev.ashlar.layers.resampling;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.layers.shapes.Inputs;
import dev.ashlar.layers.shapes.Size;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.Tensor;

/**
 * An image enlarged by a whole factor. Shapes: x [batch, channels, height, width] -> [batch,
 * channels, factor height, factor width].
 */
@Name("upsample2d")
@Doc("an image enlarged by a whole factor")
public record Upsample2d(
    @Doc("how many times as high and wide") @Default("2") Size factor,
    @Doc("how it is filled") @Default("nearest") Interpolation mode,
    @Doc("for linear, whether the corners keep their places") @Default("false") boolean alignCorners)
    implements Layer {

  /** Filled with the nearest. */
  public static Upsample2d of(int factor) {
    return new Upsample2d(Size.square(factor), Interpolation.NEAREST, false);
  }

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    Inputs.whole("upsample2d", scope);
    return new Resampling("upsample2d", mode, alignCorners).enlarged(x, factor.list());
  }

  /** This with linear interpolation. */
  public Upsample2d linear() {
    return new Upsample2d(factor, Interpolation.LINEAR, alignCorners);
  }

  /** This with linear interpolation between corners that keep their places. */
  public Upsample2d linearWithAlignedCorners() {
    return new Upsample2d(factor, Interpolation.LINEAR, true);
  }
}
