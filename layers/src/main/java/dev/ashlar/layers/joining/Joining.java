package dev.ashlar.layers.joining;

import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.Tensors;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.stream.Collectors;

/** What layers have in common that make one value of several. */
final class Joining {

  private Joining() {}

  /** The values, of one element type: two or more. */
  static List<Tensor> several(String layer, Tensors in) {
    if (in.size() < 2) {
      throw new ShapeException(layer, "two values or more", in.size() == 0 ? "none" : "one: " + shapes(in),
          "in a graph, name them with 'from'");
    }
    if (in.values().stream().map(Tensor::dtype).distinct().count() > 1) {
      throw new ShapeException(layer, "values of one element type", in.asMap().entrySet().stream()
          .map(e -> e.getKey() + " " + e.getValue().type()).collect(Collectors.joining(", ")));
    }
    return in.values();
  }

  /** Ranks are equal: that a row is meant for each example or for each position is not to be guessed. */
  static Tensors elementwise(String layer, Tensors in, BinaryOperator<Tensor> operation) {
    List<Tensor> values = several(layer, in);
    int rank = values.getFirst().rank();
    for (Tensor value : values) {
      boolean fits = value.rank() == rank;
      for (int axis = 0; fits && axis < rank; axis++) {
        int at = axis;
        int most = values.stream().mapToInt(x -> x.rank() > at ? x.dim(at) : 1).max().orElse(1);
        fits = value.dim(axis) == most || value.dim(axis) == 1 && axis > 0;
      }
      if (!fits) {
        throw new ShapeException(layer, "values of one shape, but for extents of 1", shapes(in),
            "give those before it the same width");
      }
    }
    return named(in, values.stream().reduce(operation).orElseThrow());
  }

  /** Under the name of the first. */
  static Tensors named(Tensors in, Tensor result) {
    return Tensors.of(in.names().iterator().next(), result);
  }

  static String shapes(Tensors in) {
    return in.asMap().entrySet().stream()
        .map(e -> e.getKey() + " " + e.getValue().shape()).collect(Collectors.joining(", "));
  }
}
