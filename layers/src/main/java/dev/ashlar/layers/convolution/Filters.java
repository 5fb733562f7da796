package dev.ashlar.layers.convolution;

import dev.ashlar.layers.shapes.Inputs;
import dev.ashlar.layers.shapes.Windows;
import dev.ashlar.model.Activation;
import dev.ashlar.model.Initializer;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.Tensor;
import java.util.List;
import java.util.stream.Stream;

/** What convolutions over any number of axes have in common. */
final class Filters {

  private Filters() {}

  /**
   * x [batch, channels, S..] convolved with the parameter {@code weight} [filters, channels / groups, K..].
   *
   * @return [batch, filters, P..]
   */
  static Tensor convolve(Windows windows, Tensor x, Scope scope, int filters, int groups, Initializer initializer) {
    Inputs.real(windows.layer(), x);
    Op.Window window = windows.over(x);
    if (Stream.of(windows.size(), windows.stride()).flatMap(List::stream).anyMatch(extent -> extent > 1)) {
      Inputs.whole(windows.layer(), scope);
    }
    check(windows.layer(), x, filters, groups);
    int channels = x.dim(1) / groups;
    double area = area(windows.size());
    Tensor weight = scope.parameter("weight", shape(filters, channels, windows.size()),
        new Initializer.Fans(channels * area, filters / groups * area), initializer);
    return x.conv(weight, window, groups);
  }

  /** Refuses groups that do not divide the channels and the filters. */
  static void check(String layer, Tensor x, int filters, int groups) {
    if (x.dim(1) % groups != 0 || filters % groups != 0) {
      throw new ShapeException(layer, "channels and filters that " + groups + " groups divide",
          "channels: " + x.dim(1) + ", filters: " + filters, "change 'groups' or 'filters'");
    }
  }

  /** y [batch, filters, P..] plus the parameter {@code bias} [filters], if wanted, then activated. */
  static Tensor finish(Tensor y, boolean bias, Activation activation, Scope scope) {
    if (!bias) {
      return activation.apply(y);
    }
    Tensor shift = scope.parameter("bias", Shape.of(y.dim(1)), Initializer.ZEROS).reshape(Inputs.wide(y));
    return activation.apply(y.add(shift));
  }

  /** Of a weight: [first, second, K..]. */
  static Shape shape(int first, int second, List<Integer> kernel) {
    return Shape.of(first, second).concat(Shape.of(kernel.stream().mapToInt(i -> i).toArray()));
  }

  /** Elements of a filter. */
  static double area(List<Integer> kernel) {
    return kernel.stream().mapToDouble(i -> i).reduce(1, (a, b) -> a * b);
  }
}
