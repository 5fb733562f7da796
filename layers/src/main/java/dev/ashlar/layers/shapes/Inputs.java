package dev.ashlar.layers.shapes;

import dev.ashlar.model.Scope;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.Tensor;
import java.util.Arrays;

/** What layers check of their input before they compute anything. */
public final class Inputs {

  private Inputs() {}

  /**
   * Refuses whole numbers where a layer computes with fractions.
   *
   * @param layer its name in the message
   */
  public static void real(String layer, Tensor x) {
    if (x.dtype().isInteger()) {
      throw new ShapeException(layer, "real numbers", x.type().toString(),
          "before it, 'embedding' makes vectors of whole numbers, or a transform such as 'divide' fractions");
    }
  }

  /**
   * Refuses a sequence that is decoded piece by piece, for layers that look ahead, or back beyond a piece.
   *
   * @param layer its name in the message
   */
  public static void whole(String layer, Scope scope) {
    if (scope.decodingCapacity().isPresent()) {
      throw new ShapeException(layer, "a whole sequence", "a piece of one, in a session",
          "it looks at other positions and keeps none of them: ask the model about whole sequences");
    }
  }

  /** Refuses what has no axis of channels after the batch, [batch, channels, ..]. */
  public static void channels(String layer, Tensor x) {
    if (x.rank() < 2) {
      throw new ShapeException(layer, "channels after the batch: [batch, channels, ..]", x.shape().toString(),
          "insert 'reshape: [1]' before it");
    }
  }

  /** One number for each channel of x [batch, channels, ..], to be broadcast: [channels, 1 ..]. */
  public static Shape wide(Tensor x) {
    int[] dims = new int[x.rank() - 1];
    Arrays.fill(dims, 1);
    dims[0] = x.dim(1);
    return Shape.of(dims);
  }

  /**
   * Refuses what is no batch of sequences (one spatial axis) or images (two), and says what would make it one.
   *
   * @param layer its name in the message
   * @param axes spatial axes: 1 for [batch, channels, length], 2 for [batch, channels, height, width]
   */
  public static void spatial(String layer, Tensor x, int axes) {
    if (x.rank() != axes + 2) {
      String expected = axes == 1 ? "sequences [batch, channels, length]" : "images [batch, channels, height, width]";
      throw new ShapeException(layer, expected, x.shape().toString(), help(layer, x, axes));
    }
  }

  private static String help(String layer, Tensor x, int axes) {
    String other = layer.replaceFirst(axes + "d$", 3 - axes + "d");
    if (x.rank() == 5 - axes && axes == 1) {
      return "images take '" + other + "'";
    }
    if (x.rank() == 2) {
      return "insert 'reshape: " + (axes == 1 ? "[1, " + x.dim(1) + "]" : image(x.dim(1))) + "' before it";
    }
    if (x.rank() == 3) {
      return "insert 'reshape: [1, " + x.dim(1) + ", " + x.dim(2) + "]' before it, or take '" + other + "'";
    }
    return "insert 'reshape: " + (axes == 1 ? "[channels, length]" : "[channels, height, width]") + "' before it";
  }

  /** One channel, square if that can be. */
  private static String image(int pixels) {
    int side = (int) Math.round(Math.sqrt(pixels));
    return side > 1 && side * side == pixels ? "[1, " + side + ", " + side + "]" : "[channels, height, width]";
  }
}
