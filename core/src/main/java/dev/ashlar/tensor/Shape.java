package dev.ashlar.tensor;

import dev.ashlar.api.Stable;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The extents of a tensor, outermost first. Static: known when the graph is built. Immutable. */
@Stable
public final class Shape {

  /** The shape of a scalar: rank 0, one element. */
  public static final Shape SCALAR = new Shape();

  private final int[] dims;

  private Shape(int... dims) {
    this.dims = dims;
  }

  /**
   * A shape with the given extents.
   *
   * @throws ShapeException if an extent is negative
   */
  public static Shape of(int... dims) {
    for (int dim : dims) {
      if (dim < 0) {
        throw new ShapeException("shape", "extents of 0 or more", Arrays.toString(dims));
      }
    }
    return dims.length == 0 ? SCALAR : new Shape(dims.clone());
  }

  /** Number of axes. */
  public int rank() {
    return dims.length;
  }

  /** Extent of an axis; a negative axis counts from the end (-1 is the last). */
  public int dim(int axis) {
    return dims[axis(axis)];
  }

  /** The extents, as a fresh array. */
  public int[] dims() {
    return dims.clone();
  }

  /** Number of elements; 1 for a scalar. */
  public long size() {
    long size = 1;
    for (int dim : dims) {
      size = Math.multiplyExact(size, dim);
    }
    return size;
  }

  /**
   * The axis as an index from the front.
   *
   * @param axis from {@code -rank} to {@code rank - 1}
   * @throws ShapeException if there is no such axis
   */
  public int axis(int axis) {
    if (axis < -dims.length || axis >= dims.length) {
      throw new ShapeException("axis " + axis, "an axis of " + this, "rank " + dims.length);
    }
    return axis < 0 ? axis + dims.length : axis;
  }

  /** This shape with one extent replaced. */
  public Shape with(int axis, int extent) {
    int[] result = dims.clone();
    result[axis(axis)] = extent;
    return of(result);
  }

  /** This shape with an axis inserted before position {@code at} (0 to rank). */
  public Shape insert(int at, int extent) {
    int[] result = new int[dims.length + 1];
    System.arraycopy(dims, 0, result, 0, at);
    result[at] = extent;
    System.arraycopy(dims, at, result, at + 1, dims.length - at);
    return of(result);
  }

  /** This shape without one axis. */
  public Shape remove(int axis) {
    int gone = axis(axis);
    return of(IntStream.range(0, dims.length).filter(i -> i != gone).map(i -> dims[i]).toArray());
  }

  /** The axes {@code from} (inclusive) to {@code to} (exclusive). */
  public Shape slice(int from, int to) {
    return of(Arrays.copyOfRange(dims, from, to));
  }

  /** The axes of this shape followed by those of the other. */
  public Shape concat(Shape other) {
    return of(IntStream.concat(Arrays.stream(dims), Arrays.stream(other.dims)).toArray());
  }

  /** Row-major strides, in elements. */
  public long[] strides() {
    long[] strides = new long[dims.length];
    long stride = 1;
    for (int i = dims.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= dims[i];
    }
    return strides;
  }

  /**
   * The shape that both can be broadcast to: axes are matched from the last, an extent of 1
   * stretches.
   *
   * @throws ShapeException if an axis has two different extents, neither of them 1
   */
  public static Shape broadcast(Shape a, Shape b) {
    int rank = Math.max(a.rank(), b.rank());
    int[] result = new int[rank];
    for (int i = 1; i <= rank; i++) {
      int x = i <= a.rank() ? a.dim(-i) : 1;
      int y = i <= b.rank() ? b.dim(-i) : 1;
      if (x != y && x != 1 && y != 1) {
        throw new ShapeException(
            "broadcast", "equal extents, or 1, on every axis counted from the last", a + " and " + b);
      }
      result[rank - i] = x == 1 ? y : x;
    }
    return of(result);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape shape && Arrays.equals(dims, shape.dims);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(dims);
  }

  /** The extents in brackets: {@code [32, 10]}; {@code []} for a scalar. */
  @Override
  public String toString() {
    return Arrays.stream(dims).mapToObj(Integer::toString).collect(Collectors.joining(", ", "[", "]"));
  }
}
