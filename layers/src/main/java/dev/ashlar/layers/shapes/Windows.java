package dev.ashlar.layers.shapes;

import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How a layer moves a window over the spatial axes of x [batch, channels, S..]; one number for each of them in every
 * list.
 *
 * @param layer its name in messages
 * @param size elements of the window
 * @param stride step between windows
 * @param padding around x
 * @param dilation distance between the window's elements
 */
public record Windows(String layer, List<Integer> size, List<Integer> stride, Padding padding, List<Integer> dilation) {

  /** Number of spatial axes. */
  public int axes() {
    return size.size();
  }

  /** From a window's first element to its last along an axis. */
  public int reach(int axis) {
    return (size.get(axis) - 1) * dilation.get(axis) + 1;
  }

  /**
   * The movement over x.
   *
   * @throws ShapeException if x has other axes, or, padded, is smaller than a window
   */
  public Op.Window over(Tensor x) {
    return over(x, false);
  }

  /**
   * The movement over x.
   *
   * @param ceil whether a last window may reach over the end, if it begins before it
   * @throws ShapeException if x has other axes, or, padded, is smaller than a window
   */
  public Op.Window over(Tensor x, boolean ceil) {
    Inputs.spatial(layer, x, axes());
    List<Integer> low = new ArrayList<>();
    List<Integer> high = new ArrayList<>();
    for (int i = 0; i < axes(); i++) {
      int extent = x.dim(i + 2);
      int step = stride.get(i);
      int same = Math.max(0, (Math.ceilDiv(extent, step) - 1) * step + reach(i) - extent);
      Padding.Around around = padding.along(layer, i, axes(), same);
      low.add(around.low());
      high.add(around.high() + (ceil ? beyond(extent, around, i) : 0));
    }
    Op.Window window = new Op.Window(stride, low, high, Collections.nCopies(axes(), 1), dilation);
    for (int i = 0; i < axes(); i++) {
      if (window.positions(i, x.dim(i + 2), size.get(i)) == 0) {
        throw tooSmall(x);
      }
    }
    return window;
  }

  /** The same for a pool, whose windows must not lie in the padding altogether. */
  public Op.Window pool(Tensor x, boolean ceil) {
    Op.Window window = over(x, ceil);
    for (int i = 0; i < axes(); i++) {
      int most = Math.max(window.low().get(i), padding.along(layer, i, axes(), 0).high());
      if (most >= reach(i)) {
        throw new ShapeException(layer, "padding smaller than a window of " + extents(size), "a padding of " + most,
            "a window in the padding would hold nothing: make 'padding' smaller or 'size' larger");
      }
    }
    return window;
  }

  /** What must be added behind so that a last window fits that begins inside. */
  private int beyond(int extent, Padding.Around around, int axis) {
    int padded = extent + around.low() + around.high();
    int step = stride.get(axis);
    int last = Math.ceilDiv(padded - reach(axis), step);
    if (last * step >= extent + around.low()) {
      last--;
    }
    return Math.max(0, last * step + reach(axis) - padded);
  }

  private ShapeException tooSmall(Tensor x) {
    String what = axes() == 1 ? "sequences" : "images";
    List<Integer> dims = IntStream.range(0, axes()).mapToObj(i -> x.dim(i + 2)).toList();
    List<Integer> reaches = IntStream.range(0, axes()).mapToObj(this::reach).toList();
    String dilated = reaches.equals(size) ? "" : ", dilated to " + extents(reaches) + ",";
    return new ShapeException(layer, what + " that a window of " + extents(size) + dilated + " fits into",
        what + " of " + extents(dims), "make the window smaller, say 'padding: same', or leave out a layer"
        + " before it that makes " + what + " smaller");
  }

  private static String extents(List<Integer> extents) {
    return extents.stream().map(String::valueOf).collect(Collectors.joining(" x "));
  }
}
