package dev.ashlar.backend.cpu.compiler;

import dev.ashlar.backend.cpu.gemm.GemmSpec;
import dev.ashlar.backend.cpu.kernel.Element;
import dev.ashlar.tensor.DType;
import java.util.List;

/**
 * A batch of matrix products C = A B over strided memory: transposed, sliced and broadcast operands are
 * strides.
 *
 * @param dtype element type of C; A and B may be narrower
 * @param batch extents of the batch axes
 * @param m rows of A and C
 * @param n columns of B and C
 * @param k columns of A, rows of B
 * @param accumulate whether the products are added to what is in C
 */
public record Product(DType dtype, List<Integer> batch, int m, int n, int k, Operand a, Operand b,
    Operand c, boolean accumulate) {

  /** Number of products. */
  public int count() {
    return batch.stream().reduce(1, Math::multiplyExact);
  }

  /** Multiplications in all of them. */
  public double work() {
    return 1.0 * count() * m * n * k;
  }

  /** Time of all of them on one thread, roughly: arithmetic, or with few rows or columns the way from memory. */
  public double nanos() {
    return count() * GemmSpec.nanos(m, n, k, a.element(), b.element());
  }

  /**
   * One of the three matrices; strides and offset count elements.
   *
   * @param batch stride along each batch axis
   * @param dtype type of its elements
   */
  public record Operand(Slot slot, long offset, List<Long> batch, long row, long column, DType dtype) {

    /** Its elements in memory. */
    public Element element() {
      return CallBuilder.element(dtype);
    }

    /** Where the matrix of a number in the batch, row-major, begins. */
    public long place(List<Integer> extents, int number) {
      long place = offset;
      int rest = number;
      for (int i = extents.size() - 1; i >= 0; i--) {
        place += rest % extents.get(i) * batch.get(i);
        rest /= extents.get(i);
      }
      return place;
    }

    /** From a form over the batch axes, the rows and the columns. */
    static Operand of(Slot slot, Form form, DType dtype) {
      int rank = form.factors().length;
      List<Long> batch = java.util.Arrays.stream(form.factors()).limit(rank - 2L).boxed().toList();
      return new Operand(slot, form.offset(), batch, form.factors()[rank - 2], form.factors()[rank - 1], dtype);
    }
  }
}
