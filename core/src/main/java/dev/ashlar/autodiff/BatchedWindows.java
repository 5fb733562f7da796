package dev.ashlar.autodiff;

import dev.ashlar.autodiff.Vmap.Value;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/**
 * Windows of many examples at computed starts. With common starts the examples are one more axis of the
 * window; with starts of their own, elements are picked by number.
 */
final class BatchedWindows {

  private BatchedWindows() {}

  static Tensor slice(Op.DynamicSlice o, List<Value> in, int size) {
    List<Value> starts = in.subList(1, in.size());
    Value x = in.getFirst();
    if (starts.stream().noneMatch(Value::batched)) {
      return x.tensor().dynamicSlice(withZero(starts), o.extents().insert(0, size));
    }
    Shape shape = o.x().shape();
    Shape target = o.extents().insert(0, size);
    Tensor positions = number(0, target);
    for (int axis = 0; axis < shape.rank(); axis++) {
      Tensor start = clamped(starts.get(axis), shape.dim(axis) - o.extents().dim(axis), target);
      positions = positions.add(iota(target, axis).add(start).mul(shape.strides()[axis]));
    }
    return elements(x, positions);
  }

  static Tensor update(Op.DynamicUpdate o, List<Value> in, int size) {
    List<Value> starts = in.subList(2, in.size());
    Tensor x = Vmap.front(in.getFirst(), size);
    if (starts.stream().noneMatch(Value::batched)) {
      return x.dynamicUpdate(Vmap.front(in.get(1), size), withZero(starts));
    }
    Shape window = o.update().shape();
    Tensor positions = number(0, x.shape());
    Tensor inside = positions.eq(positions);
    for (int axis = 0; axis < window.rank(); axis++) {
      Tensor start = clamped(starts.get(axis), o.x().shape().dim(axis) - window.dim(axis), x.shape());
      Tensor place = iota(x.shape(), axis).sub(start);
      inside = inside.and(place.ge(number(0, x.shape()))).and(place.lt(window.dim(axis)));
      positions = positions.add(place.mul(window.strides()[axis]));
    }
    return inside.where(elements(in.get(1), positions), x);
  }

  /** Elements by row-major number within an example: positions [n, ..]. */
  private static Tensor elements(Value x, Tensor positions) {
    Tensor tensor = x.tensor();
    return x.batched()
        ? tensor.reshape(Shape.of(tensor.dim(0), (int) tensor.shape().remove(0).size())).gather(positions, 1)
        : tensor.reshape(Shape.of((int) tensor.shape().size())).gather(positions);
  }

  private static List<Tensor> withZero(List<Value> starts) {
    List<Tensor> all = new ArrayList<>();
    all.add(Tensor.scalar(DType.I32, 0));
    starts.forEach(start -> all.add(start.tensor()));
    return all;
  }

  /** A start for each example, such that the window fits, stretched to [n, ..]. */
  private static Tensor clamped(Value start, int last, Shape to) {
    Tensor fits = start.tensor().maximum(0).minimum(last);
    if (start.batched()) {
      for (int axis = 1; axis < to.rank(); axis++) {
        fits = fits.expandDims(axis);
      }
    }
    return fits.broadcastTo(to);
  }

  /** Positions along an axis of an example, as [n, ..]. */
  private static Tensor iota(Shape to, int axis) {
    return Tensor.iota(new TensorType(DType.I32, to), axis + 1);
  }

  private static Tensor number(int value, Shape to) {
    return Tensor.full(new TensorType(DType.I32, to), value);
  }
}
