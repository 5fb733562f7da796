package dev.ashlar.io.transforms;

import dev.ashlar.model.Scope;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.Tensor;

/** Random choices for each image of a batch [batch, channels, height, width], from the seed and the step alone. */
final class Chances {
  private static final double BITS = 0x1p24;

  private Chances() {}

  /** Uniform in [0, 1), f32[batch]: multiples of 2^-24. */
  static Tensor uniform(Tensor images, Scope scope, String purpose) {
    Tensor bits = scope.key(purpose).bits(Shape.of(images.dim(0))).shr(Tensor.scalar(DType.I32, 8));
    return bits.cast(DType.F32).mul(1 / BITS);
  }

  /** Refuses what is no batch of images. */
  static void check(Tensor x, String transform) {
    if (x.rank() == 4) return;
    throw new ShapeException(transform, "images [batch, channels, height, width]", x.type().toString());
  }
}
