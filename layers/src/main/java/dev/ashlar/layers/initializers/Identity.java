package dev.ashlar.layers.initializers;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.model.Initializer;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Key;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;

/**
 * A matrix that gives what it is given, as far as it is square; of filters [out, in, K..], the middle element of filter
 * i takes channel i.
 */
@Name("identity")
@Doc("a matrix, or filters, that give what they are given")
public record Identity(@Doc("what is on the diagonal") @Default("1") double gain) implements Initializer {

  @Override
  public Tensor initialize(TensorType type, Fans fans, Key key) {
    if (type.shape().rank() < 2) {
      throw new ShapeException("identity", "a matrix or filters", type.toString());
    }
    TensorType places = type.withDType(DType.I32);
    Tensor here = Tensor.iota(places, 0).eq(Tensor.iota(places, 1));
    for (int axis = 2; axis < places.shape().rank(); axis++) {
      here = here.and(Tensor.iota(places, axis).eq(places.shape().dim(axis) / 2));
    }
    return here.where(Tensor.full(type, gain), Tensor.zeros(type));
  }
}
