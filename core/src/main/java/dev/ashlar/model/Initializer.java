package dev.ashlar.model;

import dev.ashlar.api.Stable;
import dev.ashlar.tensor.Key;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;

/** How a variable starts: tensor maths, so that it is the same on every backend. */
@Stable
@FunctionalInterface
public interface Initializer {

  /** Zeros. */
  Initializer ZEROS = (type, fans, key) -> Tensor.zeros(type);

  /** Ones. */
  Initializer ONES = (type, fans, key) -> Tensor.full(type, 1);

  /**
   * The first value.
   *
   * @param type of the result
   * @param fans how many values each output of the layer sums, and each input feeds
   * @param key of this variable alone
   */
  Tensor initialize(TensorType type, Fans fans, Key key);

  /**
   * Number of connections.
   *
   * @param in inputs to an output
   * @param out outputs of an input
   */
  record Fans(double in, double out) {

    /**
     * The usual reading of a shape: [in, out] for a matrix, [out, in, K..] for a kernel with K
     * spatial elements, the extent itself for a vector.
     */
    public static Fans of(Shape shape) {
      return switch (shape.rank()) {
        case 0 -> new Fans(1, 1);
        case 1 -> new Fans(shape.dim(0), shape.dim(0));
        case 2 -> new Fans(shape.dim(0), shape.dim(1));
        default -> {
          double area = shape.slice(2, shape.rank()).size();
          yield new Fans(shape.dim(1) * area, shape.dim(0) * area);
        }
      };
    }
  }
}
