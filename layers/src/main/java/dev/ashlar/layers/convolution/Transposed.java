package dev.ashlar.layers.convolution;

import dev.ashlar.layers.shapes.Inputs;
import dev.ashlar.layers.shapes.Padding;
import dev.ashlar.model.Initializer;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a convolution does backwards: each element of x adds a filter to the result, {@code stride} apart. (Dumoulin
 * and Visin, A guide to convolution arithmetic for deep learning, 2016, chapter 4.)
 *
 * <p>Result {@code s m + r} sums x[m - q] w[s q + r] over q. So the remainders r are channels of one convolution whose
 * stride is 1, and no product is with a zero between the elements of x.
 *
 * @param layer its name in messages
 * @param outputPadding added behind the result
 */
record Transposed(String layer, List<Integer> kernel, List<Integer> stride, Padding padding,
    List<Integer> outputPadding, List<Integer> dilation, int groups) {

  /**
   * Along one axis: the result has {@code extent} elements, the first {@code skipped} of {@code positions} times the
   * stride left out.
   */
  private record Axis(int extent, int skipped, int positions, int low, int high, int taps) {}

  /**
   * x [batch, channels, S..] with the parameter {@code weight} [channels, filters / groups, K..].
   *
   * @return [batch, filters, P..]
   */
  Tensor of(Tensor x, Scope scope, int filters, Initializer initializer) {
    Inputs.real(layer, x);
    Inputs.spatial(layer, x, kernel.size());
    Inputs.whole(layer, scope);
    Filters.check(layer, x, filters, groups);
    double area = Filters.area(kernel);
    double steps = Filters.area(stride);
    Tensor weight = scope.parameter("weight", Filters.shape(x.dim(1), filters / groups, kernel),
        new Initializer.Fans(x.dim(1) / groups * area / steps, filters / groups * area), initializer);
    List<Axis> axes = IntStream.range(0, kernel.size()).mapToObj(i -> axis(i, x.dim(i + 2))).toList();
    List<Integer> spreads = IntStream.range(0, kernel.size()).mapToObj(this::spread).toList();
    Op.Window window = new Op.Window(ones(), axes.stream().map(Axis::low).toList(),
        axes.stream().map(Axis::high).toList(), ones(), spreads);
    return interleaved(x.conv(filters(weight, axes), window, groups), filters, axes);
  }

  private Axis axis(int i, int extent) {
    int step = stride.get(i);
    int reach = (kernel.get(i) - 1) * dilation.get(i) + 1;
    if (outputPadding.get(i) >= Math.max(step, dilation.get(i))) {
      throw new ShapeException(layer, "an output padding smaller than the stride or the dilation",
          "output padding " + outputPadding.get(i) + ", stride " + step + ", dilation " + dilation.get(i),
          "it chooses among the sizes that a convolution of this stride makes one: make it smaller");
    }
    Padding.Around cut = padding.along(layer, i, kernel.size(), Math.max(0, reach - step));
    int more = outputPadding.get(i) + (padding == Padding.Automatic.SAME ? Math.max(0, step - reach) : 0);
    int result = (extent - 1) * step + reach - cut.low() - cut.high() + more;
    if (result < 1) {
      throw new ShapeException(layer, "a result of 1 element or more on every axis",
          result + " from " + extent + " elements less a padding of " + cut.low() + " and " + cut.high(),
          "here padding is taken off the result: make 'padding' smaller");
    }
    int taps = step == 1 ? kernel.get(i) : Math.ceilDiv(reach, step);
    int first = cut.low() % step;
    int positions = Math.ceilDiv(first + result, step);
    int reached = (taps - 1) * spread(i);
    int low = reached - cut.low() / step;
    return new Axis(result, first, positions, low, positions + reached - extent - low, taps);
  }

  /** Dilation of the convolution: with a stride, the dilated filter is written out. */
  private int spread(int i) {
    return stride.get(i) == 1 ? dilation.get(i) : 1;
  }

  private List<Integer> ones() {
    return Collections.nCopies(kernel.size(), 1);
  }

  /** [channels, filters / groups, K..] to [filters * remainders.., channels / groups, taps..]. */
  private Tensor filters(Tensor weight, List<Axis> axes) {
    int n = axes.size();
    Tensor whole = writtenOut(weight, axes);
    int channels = weight.dim(0) / groups;
    int outputs = weight.dim(1);
    List<Integer> parts = new ArrayList<>(List.of(groups, channels, outputs));
    List<Integer> order = new ArrayList<>(List.of(0, 2)); // groups, outputs, remainders.., channels, taps..
    List<Integer> last = new ArrayList<>(List.of(1));
    List<Integer> shape = new ArrayList<>(List.of(0, channels));
    int filters = groups * outputs;
    for (int i = 0; i < n; i++) {
      parts.addAll(List.of(axes.get(i).taps(), stride.get(i)));
      order.add(4 + 2 * i);
      last.add(3 + 2 * i);
      shape.add(axes.get(i).taps());
      filters *= stride.get(i);
    }
    shape.set(0, filters);
    order.addAll(last);
    return whole.reshape(ints(parts)).permute(ints(order)).reshape(ints(shape))
        .flip(IntStream.range(2, n + 2).toArray());
  }

  /** Where there is a stride, dilated and so long that the stride divides it. */
  private Tensor writtenOut(Tensor weight, List<Axis> axes) {
    List<Integer> high = new ArrayList<>(List.of(0, 0));
    List<Integer> interior = new ArrayList<>(List.of(0, 0));
    for (int i = 0; i < axes.size(); i++) {
      int between = stride.get(i) == 1 ? 0 : dilation.get(i) - 1;
      interior.add(between);
      high.add(axes.get(i).taps() * stride.get(i) - kernel.get(i) - (kernel.get(i) - 1) * between);
    }
    List<Integer> none = Collections.nCopies(high.size(), 0);
    return high.equals(none) && interior.equals(none) ? weight
        : Tensor.apply(new Op.Pad(weight, none, high, interior, 0));
  }

  /** [batch, filters * remainders.., positions..] to [batch, filters, P..]. */
  private Tensor interleaved(Tensor y, int filters, List<Axis> axes) {
    int n = axes.size();
    List<Integer> parts = new ArrayList<>(List.of(y.dim(0), filters));
    parts.addAll(stride);
    axes.forEach(axis -> parts.add(axis.positions()));
    List<Integer> order = new ArrayList<>(List.of(0, 1));
    int[] starts = new int[n + 2];
    int[] limits = new int[n + 2];
    int[] all = new int[n + 2];
    limits[0] = all[0] = y.dim(0);
    limits[1] = all[1] = filters;
    for (int i = 0; i < n; i++) {
      order.addAll(List.of(2 + n + i, 2 + i));
      starts[i + 2] = axes.get(i).skipped();
      limits[i + 2] = axes.get(i).skipped() + axes.get(i).extent();
      all[i + 2] = axes.get(i).positions() * stride.get(i);
    }
    Tensor whole = y.reshape(ints(parts)).permute(ints(order)).reshape(all);
    return Shape.of(limits).equals(whole.shape()) ? whole : whole.slice(starts, limits);
  }

  private static int[] ints(List<Integer> list) {
    return list.stream().mapToInt(i -> i).toArray();
  }
}
