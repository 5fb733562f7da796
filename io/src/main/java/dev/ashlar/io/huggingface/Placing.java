package dev.ashlar.io.huggingface;

import dev.ashlar.model.Placement;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Copies parameters out of the tensors that hold them, and back. */
public final class Placing {

  /** Rows and columns of a square that stays in the first cache on both sides. */
  private static final int SQUARE = 32;

  /** A matrix in memory; strides count elements. */
  private record Matrix(MemorySegment data, long offset, int rows, int columns, long row, long column) {

    static Matrix of(NDArray array) {
      Shape shape = array.shape();
      int columns = shape.rank() == 0 ? 1 : shape.dim(-1);
      return of(array, Math.toIntExact(columns == 0 ? 0 : shape.size() / columns), columns);
    }

    static Matrix of(NDArray array, int rows, int columns) {
      return new Matrix(array.data(), 0, rows, columns, columns, 1);
    }

    /** A part along an axis: its first axis makes rows, or else those in front of it do. */
    static Matrix of(NDArray array, Placement.Part part) {
      Shape shape = array.shape();
      int inner = 1;
      for (int axis = part.axis() + 1; axis < shape.rank(); axis++) {
        inner *= shape.dim(axis);
      }
      int count = part.to() - part.from();
      long from = (long) part.from() * inner;
      if (part.axis() == 0) {
        return new Matrix(array.data(), from, count, inner, inner, 1);
      }
      int row = shape.dim(part.axis()) * inner;
      return new Matrix(array.data(), from, row == 0 ? 0 : Math.toIntExact(shape.size() / row), count * inner, row, 1);
    }

    Matrix transposed() {
      return new Matrix(data, offset, columns, rows, column, row);
    }

    long at(int i, int j) {
      return offset + i * row + j * column;
    }
  }

  private Placing() {}

  /**
   * Reads a parameter out of its tensor.
   *
   * @param whole the tensor
   * @param parameter of the same element type
   */
  public static void read(Placement placement, NDArray whole, NDArray parameter) {
    Matrix there = placed(placement, whole);
    copy(there, Matrix.of(parameter, there.rows, there.columns), whole.dtype().bytes());
  }

  /** Writes a parameter into its tensor. */
  public static void write(Placement placement, NDArray parameter, NDArray whole) {
    Matrix there = placed(placement, whole);
    copy(Matrix.of(parameter, there.rows, there.columns), there, whole.dtype().bytes());
  }

  private static Matrix placed(Placement placement, NDArray whole) {
    Matrix part = placement.part().map(p -> Matrix.of(whole, p)).orElseGet(() -> Matrix.of(whole));
    return placement.transposed() && whole.shape().rank() == 2 ? part.transposed() : part;
  }

  private static void copy(Matrix from, Matrix to, int bytes) {
    if (from.column == 1 && to.column == 1) {
      for (int i = 0; i < from.rows; i++) {
        MemorySegment.copy(from.data, from.at(i, 0) * bytes, to.data, to.at(i, 0) * bytes, (long) from.columns * bytes);
      }
      return;
    }
    for (int i = 0; i < from.rows; i += SQUARE) {
      for (int j = 0; j < from.columns; j += SQUARE) {
        square(from, to, i, j, bytes);
      }
    }
  }

  private static void square(Matrix from, Matrix to, int top, int left, int bytes) {
    int bottom = Math.min(from.rows, top + SQUARE);
    int right = Math.min(from.columns, left + SQUARE);
    for (int i = top; i < bottom; i++) {
      for (int j = left; j < right; j++) {
        long source = from.at(i, j) * bytes;
        long target = to.at(i, j) * bytes;
        switch (bytes) {
          case Short.BYTES -> to.data.set(ValueLayout.JAVA_SHORT_UNALIGNED, target,
              from.data.get(ValueLayout.JAVA_SHORT_UNALIGNED, source));
          case Integer.BYTES -> to.data.set(ValueLayout.JAVA_INT_UNALIGNED, target,
              from.data.get(ValueLayout.JAVA_INT_UNALIGNED, source));
          default -> MemorySegment.copy(from.data, source, to.data, target, bytes);
        }
      }
    }
  }
}
