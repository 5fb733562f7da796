package dev.ashlar.tensor;

import dev.ashlar.api.Stable;

/**
 * What is known of a tensor before anything runs.
 *
 * @param dtype element type
 * @param shape extents
 */
@Stable
public record TensorType(DType dtype, Shape shape) {

  /** A type from its extents. */
  public static TensorType of(DType dtype, int... dims) {
    return new TensorType(dtype, Shape.of(dims));
  }

  /** The same element type in another shape. */
  public TensorType withShape(Shape other) {
    return new TensorType(dtype, other);
  }

  /** The same shape with another element type. */
  public TensorType withDType(DType other) {
    return new TensorType(other, shape);
  }

  /** Size of a dense host array of this type, in bytes. */
  public long bytes() {
    return Math.multiplyExact(shape.size(), dtype.bytes());
  }

  /** For example {@code f32[32, 10]}. */
  @Override
  public String toString() {
    return dtype.toString() + shape;
  }
}
