package dev.ashlar.layers.joining;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.model.Block;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.Tensors;
import java.util.List;

/**
 * One value behind the other along an axis. Shapes: all x [batch, ..] alike but for that axis -> the same with the
 * sum of its extents. The result has the name of the first.
 */
@Name("concatenate")
@Doc("all that it takes, one behind the other along an axis")
public record Concatenate(
    @Doc("the axis that grows; 0 is the batch, -1 the last, 1 the channels of images") @Default("-1") int axis)
    implements Block {

  /** Along the last axis. */
  public Concatenate() {
    this(-1);
  }

  @Override
  public Tensors forward(Tensors in, Scope scope) {
    List<Tensor> values = Joining.several("concatenate", in);
    Shape first = values.getFirst().shape();
    int last = first.rank() - 1;
    if (axis == 0 || axis < -last || axis > last) {
      throw new ShapeException("concatenate", last < 1 ? "an axis beside the batch"
          : "an axis from 1 to " + last + " of " + first + ", or -1 for the last", "axis " + axis, "change 'axis'");
    }
    int at = first.axis(axis);
    boolean alike = values.stream()
        .allMatch(x -> x.rank() == first.rank() && x.shape().with(at, 1).equals(first.with(at, 1)));
    if (!alike) {
      throw new ShapeException("concatenate", "values that are alike but for axis " + axis, Joining.shapes(in),
          "change what comes before it, or 'axis'");
    }
    return Joining.named(in, Tensor.concat(values, at));
  }
}
