package dev.ashlar.layers;

import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;

/** The elements of each example in another shape. Shapes: x [batch, ..] -> [batch, shape..]. */
@Name("reshape")
@Doc("the elements of each example in another shape")
public record Reshape(@Doc("extents without the batch; one may be -1: whatever is left") List<Integer> shape)
    implements Layer {

  /** Copies the list. */
  public Reshape {
    shape = List.copyOf(shape);
  }

  /** To these extents, one of which may be -1. */
  public static Reshape to(Integer... shape) {
    return new Reshape(List.of(shape));
  }

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    Shape example = x.shape().slice(1, x.rank());
    long size = shape.stream().mapToLong(Integer::longValue).reduce(1, (a, b) -> a * b);
    if (!shape.contains(-1) && size != example.size()) {
      throw new ShapeException("reshape", size + " elements for " + shape, example + " with " + example.size()
          + " elements", "the batch is not counted");
    }
    return x.reshape(
        IntStream.concat(IntStream.of(x.dim(0)), shape.stream().mapToInt(Integer::intValue)).toArray());
  }
}
