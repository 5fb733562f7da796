package dev.ashlar.backend.cpu.compiler;

import dev.ashlar.tensor.DType;
import java.util.List;

/**
 * A batch of matrix products C = A B over strided memory: transposed, sliced and broadcast operands are strides.
 *
 * @param dtype element type of all three
 * @param batch extents of the batch axes
 * @param m rows of A and C
 * @param n columns of B and C
 * @param k columns of A, rows of B
 */
record Product(DType dtype, List<Integer> batch, int m, int n, int k, Operand a, Operand b, Operand c) {

  /**
   * One of the three matrices; strides and offset count elements.
   *
   * @param batch stride along each batch axis
   */
  record Operand(Slot slot, long offset, List<Long> batch, long row, long column) {

    /** From a form over the batch axes, the rows and the columns. */
    static Operand of(Slot slot, Form form) {
      int rank = form.factors().length;
      List<Long> batch = java.util.Arrays.stream(form.factors()).limit(rank - 2L).boxed().toList();
      return new Operand(slot, form.offset(), batch, form.factors()[rank - 2], form.factors()[rank - 1]);
    }
  }
}
