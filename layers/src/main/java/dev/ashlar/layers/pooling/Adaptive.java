package dev.ashlar.layers.pooling;

import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Pools that divide an extent into a given number of windows. */
final class Adaptive {

  private Adaptive() {}

  /**
   * The largest or the mean of each window, window i of n from floor(i extent / n) to ceil((i + 1) extent / n).
   *
   * @param x [batch, channels, S..]
   * @param size windows along each spatial axis
   * @param kind SUM for the mean
   * @return [batch, channels, size..]
   */
  static Tensor pool(Tensor x, List<Integer> size, Op.PoolKind kind) {
    int axes = size.size();
    if (IntStream.range(0, axes).allMatch(i -> x.dim(i + 2) % size.get(i) == 0)) {
      return side(x, IntStream.range(0, axes).mapToObj(i -> x.dim(i + 2) / size.get(i)).toList(), kind);
    }
    Tensor y = x;
    for (int axis = axes + 1; axis >= 2; axis--) {
      y = along(y, axis, size.get(axis - 2), kind);
    }
    return y;
  }

  /** Windows side by side. */
  private static Tensor side(Tensor x, List<Integer> size, Op.PoolKind kind) {
    Op.Window w = Op.Window.of(size.size(), 1, 0);
    Op.Window window = new Op.Window(size, w.low(), w.high(), w.inputDilation(), w.kernelDilation());
    return switch (kind) {
      case MAX -> x.maxPool(size, window);
      case SUM -> x.sumPool(size, window).div(size.stream().mapToInt(i -> i).reduce(1, (a, b) -> a * b));
    };
  }

  /**
   * Windows of different lengths along one axis. Their pattern comes again after extent / d elements, d the greatest
   * common divisor of the extent and their number: each is taken for all d parts at once.
   */
  private static Tensor along(Tensor x, int axis, int windows, Op.PoolKind kind) {
    int parts = greatestCommonDivisor(x.dim(axis), windows);
    int length = x.dim(axis) / parts;
    int count = windows / parts;
    int before = (int) x.shape().slice(1, axis).size() * parts;
    int after = (int) x.shape().slice(axis + 1, x.rank()).size();
    Tensor flat = x.reshape(x.dim(0), before, length, after);
    Shape result = x.shape().with(axis, windows);
    if (length == 1) { // fewer elements than windows: each several times
      return flat.broadcastTo(flat.shape().with(2, count)).reshape(result);
    }
    List<Tensor> each = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int from = (int) ((long) i * length / count);
      int to = (int) Math.ceilDiv((i + 1L) * length, (long) count);
      each.add(side(flat.slice(2, from, to), List.of(to - from, 1), kind));
    }
    return Tensor.concat(each, 2).reshape(result);
  }

  private static int greatestCommonDivisor(int a, int b) {
    return b == 0 ? a : greatestCommonDivisor(b, a % b);
  }
}
