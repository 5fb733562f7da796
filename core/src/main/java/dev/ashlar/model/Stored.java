package dev.ashlar.model;

import dev.ashlar.api.Stable;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;

/**
 * A parameter that has no variable of its own: it is read out of another one, which lies as a file has it.
 *
 * @param placement where
 * @param type of the whole tensor there
 */
@Stable
public record Stored(Placement placement, TensorType type) {

  /** The variable that it is read out of. */
  Tensor source() {
    return Tensor.apply(new Op.Input(Op.Role.VARIABLE, placement.tensor(), type));
  }

  /** The parameter, given that variable: a view, so that nothing is copied. */
  Tensor of(Tensor source) {
    Tensor part = placement.part().map(p -> source.slice(p.axis(), p.from(), p.to())).orElse(source);
    return placement.transposed() && part.rank() == 2 ? part.transpose() : part;
  }

  /** Whether a parameter of this shape lies there. */
  public boolean fits(Shape parameter) {
    return type.shape().equals(expected(parameter));
  }

  /** The shape that the tensor must have for a parameter of this one; of a part, its other axes. */
  public Shape expected(Shape parameter) {
    Shape there = placement.transposed() && parameter.rank() == 2
        ? Shape.of(parameter.dim(1), parameter.dim(0)) : parameter;
    if (placement.part().isEmpty()) {
      return there;
    }
    Placement.Part p = placement.part().get();
    boolean within = p.axis() < there.rank() && there.dim(p.axis()) == p.to() - p.from()
        && type.shape().rank() == there.rank() && type.shape().dim(p.axis()) >= p.to();
    return there.rank() <= p.axis() ? there : there.with(p.axis(), within ? type.shape().dim(p.axis()) : p.to());
  }
}
