package dev.ashlar.layers.pooling;

import dev.ashlar.layers.shapes.Windows;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/** Means of windows. */
final class Means {

  private Means() {}

  /**
   * The mean of each window of x.
   *
   * @param ceil whether a last window may reach over the end; what is beyond never counts
   * @param countPadding whether padding counts, as zeros
   */
  static Tensor of(Tensor x, Windows windows, boolean ceil, boolean countPadding) {
    Op.Window inside = windows.over(x);
    Op.Window window = windows.pool(x, ceil);
    Tensor sums = x.sumPool(windows.size(), window);
    boolean padded = Stream.of(inside.low(), inside.high()).flatMap(List::stream).anyMatch(each -> each > 0);
    if (window.equals(inside) && (countPadding || !padded)) {
      return sums.div(windows.size().stream().mapToInt(i -> i).reduce(1, (a, b) -> a * b));
    }
    return sums.div(counts(x, windows.size(), inside, window, countPadding));
  }

  /** How many elements of each window count: [1, 1, P..]. */
  private static Tensor counts(Tensor x, List<Integer> size, Op.Window inside, Op.Window window, boolean countPadding) {
    int axes = size.size();
    int[] counted = new int[axes + 2];
    Integer[] low = new Integer[axes];
    Integer[] high = new Integer[axes];
    Arrays.fill(counted, 1);
    for (int i = 0; i < axes; i++) {
      int before = countPadding ? inside.low().get(i) : 0;
      int after = countPadding ? inside.high().get(i) : 0;
      counted[i + 2] = x.dim(i + 2) + before + after;
      low[i] = window.low().get(i) - before;
      high[i] = window.high().get(i) - after;
    }
    Tensor ones = Tensor.full(x.type().withShape(Shape.of(counted)), 1);
    List<Integer> single = Collections.nCopies(axes, 1);
    return ones.sumPool(size, new Op.Window(window.stride(), List.of(low), List.of(high), single, single));
  }
}
