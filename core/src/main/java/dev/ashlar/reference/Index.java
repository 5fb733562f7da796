package dev.ashlar.reference;

import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import java.lang.foreign.MemorySegment;

/** Walks over the elements of arrays. */
final class Index {

  private Index() {}

  /** What is done at each element. */
  @FunctionalInterface
  interface Visitor {
    /**
     * @param index position along each axis; reused, not to be kept
     * @param at row-major position
     */
    void visit(int[] index, long at);
  }

  /** Visits every element of a shape in row-major order. */
  static void each(Shape shape, Visitor visitor) {
    int[] dims = shape.dims();
    int[] index = new int[dims.length];
    long size = shape.size();
    for (long at = 0; at < size; at++) {
      visitor.visit(index, at);
      for (int axis = dims.length - 1; axis >= 0 && ++index[axis] == dims[axis]; axis--) {
        index[axis] = 0;
      }
    }
  }

  /** Row-major position of an index. */
  static long offset(int[] index, long[] strides) {
    long offset = 0;
    for (int i = 0; i < strides.length; i++) {
      offset += index[i] * strides[i];
    }
    return offset;
  }

  /** Copies one element, bit for bit. */
  static void copy(NDArray from, long source, NDArray to, long target) {
    long bytes = from.dtype().bytes();
    MemorySegment.copy(from.data(), source * bytes, to.data(), target * bytes, bytes);
  }

  /** Product of the extents from one axis (inclusive) to another (exclusive). */
  static long size(Shape shape, int from, int to) {
    return shape.slice(from, to).size();
  }
}
