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
 * An image brought to a size. Shapes: x [batch, channels, height, width] -> [batch,
 * channels, size..].
 */
@Name("resize2d")
@Doc("an image brought to a size")
public record Resize2d(
    @Doc("height and width of the result") Size size,
    @Doc("how it is filled") @Default("nearest") Interpolation mode,
    @Doc("for linear, whether the corners keep their places") @Default("false") boolean alignCorners)
    implements Layer {

  /** Filled with the nearest. */
  public static Resize2d of(int height, int width) {
    return new Resize2d(new Size(height, width), Interpolation.NEAREST, false);
  }

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    Inputs.whole("resize2d", scope);
    return new Resampling("resize2d", mode, alignCorners).resized(x, size.list());
  }

  /** This with linear interpolation. */
  public Resize2d linear() {
    return new Resize2d(size, Interpolation.LINEAR, alignCorners);
  }

  /** This with linear interpolation between corners that keep their places. */
  public Resize2d linearWithAlignedCorners() {
    return new Resize2d(size, Interpolation.LINEAR, true);
  }
}
