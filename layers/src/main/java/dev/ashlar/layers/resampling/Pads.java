package dev.ashlar.layers.resampling;

import dev.ashlar.layers.shapes.Inputs;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.Tensor;
import java.util.List;
import java.util.Locale;

/**
 * Padding of spatial axes.
 *
 * @param layer its name in messages
 * @param value for CONSTANT
 */
record Pads(String layer, PadMode mode, double value) {

  /**
   * x [batch, channels, S..] padded.
   *
   * @param low before each spatial axis
   * @param high after it
   */
  Tensor around(Tensor x, List<Integer> low, List<Integer> high) {
    Inputs.spatial(layer, x, low.size());
    if (mode == PadMode.CONSTANT) {
      int[] before = new int[x.rank()];
      int[] after = new int[x.rank()];
      for (int i = 0; i < low.size(); i++) {
        before[i + 2] = low.get(i);
        after[i + 2] = high.get(i);
      }
      return x.pad(before, after, value);
    }
    Tensor y = x;
    for (int i = 0; i < low.size(); i++) {
      y = along(y, i + 2, low.get(i), high.get(i));
    }
    return y;
  }

  private Tensor along(Tensor x, int axis, int low, int high) {
    if (low == 0 && high == 0) {
      return x;
    }
    int n = x.dim(axis);
    int most = switch (mode) {
      case REFLECT -> n - 1;
      case CIRCULAR -> n;
      case REPLICATE, CONSTANT -> n == 0 ? 0 : Integer.MAX_VALUE;
    };
    if (Math.max(low, high) > most) {
      throw new ShapeException(layer, "at most " + most + " on a side for " + n + " elements of axis " + axis,
          Math.max(low, high) + " in mode " + mode.name().toLowerCase(Locale.ROOT),
          "pad less, or say 'mode: replicate' or 'mode: constant'");
    }
    Tensor before = switch (mode) {
      case REFLECT -> x.slice(axis, 1, low + 1).flip(axis);
      case CIRCULAR -> x.slice(axis, n - low, n);
      case REPLICATE, CONSTANT -> x.slice(axis, 0, 1).broadcastTo(x.shape().with(axis, low));
    };
    Tensor after = switch (mode) {
      case REFLECT -> x.slice(axis, n - 1 - high, n - 1).flip(axis);
      case CIRCULAR -> x.slice(axis, 0, high);
      case REPLICATE, CONSTANT -> x.slice(axis, n - 1, n).broadcastTo(x.shape().with(axis, high));
    };
    return Tensor.concat(List.of(before, x, after), axis);
  }
}
