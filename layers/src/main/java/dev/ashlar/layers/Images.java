package dev.ashlar.layers;

import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.Tensor;

/** What layers that move windows over images have in common. */
final class Images {

  private Images() {}

  /** Refuses what is no batch of images, [batch, channels, height, width], and says what would make it one. */
  static void check(String layer, Tensor x) {
    if (x.rank() != 4) {
      throw new ShapeException(
          layer, "images [batch, channels, height, width]", x.shape().toString(), "insert '" + reshape(x) + "' before it");
    }
  }

  /**
   * How a window moves over images.
   *
   * @throws ShapeException if the images, padded, are smaller than it
   */
  static Op.Window window(String layer, Tensor x, Padding padding, Size size, Size stride, Size dilation) {
    Op.Window window = padding.window(x, size, stride, dilation);
    for (int i = 0; i < 2; i++) {
      if (window.positions(i, x.dim(i + 2), size.list().get(i)) == 0) {
        throw new ShapeException(layer, "images that a window of " + size.height() + " x " + size.width() + " fits into",
            "images of " + x.dim(2) + " x " + x.dim(3), "make the window smaller, say 'padding: same', or leave out a layer"
            + " before it that makes images smaller");
      }
    }
    return window;
  }

  /** One channel, square if that can be. */
  private static String reshape(Tensor x) {
    int side = x.rank() == 2 ? (int) Math.round(Math.sqrt(x.dim(1))) : 0;
    if (side > 1 && side * side == x.dim(1)) {
      return "reshape: [1, " + side + ", " + side + "]";
    }
    return x.rank() == 3 ? "reshape: [1, " + x.dim(1) + ", " + x.dim(2) + "]" : "reshape: [channels, height, width]";
  }
}
