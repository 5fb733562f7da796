package dev.ashlar.backend.cpu.gemm;

import dev.ashlar.backend.cpu.kernel.Element;

/**
 * A matrix product to be planned: C [m, n] = A [m, k] B [k, n], or C += A B. C is f32 and its rows are contiguous; A
 * and B may have any strides, so a transposed operand is one with its strides exchanged, and may be narrower: elements
 * are widened where they are loaded, which is exact.
 *
 * @param a where elements of A are
 * @param b where elements of B are
 * @param cRow from one row of C to the next, in elements
 * @param accumulate whether the product is added to C
 */
public record GemmSpec(int m, int n, int k, Strides a, Strides b, long cRow, boolean accumulate) {

  /**
   * Steps from one row and from one column to the next, in elements.
   *
   * @param element type in memory: F32, BF16 or F16
   */
  public record Strides(long row, long column, Element element) {
    public Strides {
      if (element != Element.F32 && element != Element.BF16 && element != Element.F16) {
        throw new IllegalArgumentException("no products of " + element);
      }
    }

    /** Of f32. */
    public Strides(long row, long column) {
      this(row, column, Element.F32);
    }

    boolean isNarrow() {
      return element != Element.F32;
    }
  }

  public GemmSpec {
    if (m < 1 || n < 1 || k < 1) {
      throw new IllegalArgumentException("a product of " + m + " x " + k + " and " + k + " x " + n);
    }
  }

  /** Time on one thread, roughly. */
  public double nanos() {
    return nanos(m, n, k, a.element, b.element);
  }

  /** Time on one thread, roughly: 160 GFLOP/s, or 20 GB/s. */
  public static double nanos(int m, int n, int k, Element a, Element b) {
    double bytes = (double) a.bytes() * m * k + (double) b.bytes() * k * n + (double) Float.BYTES * m * n;
    return Math.max(0.012 * m * n * k, 0.05 * bytes);
  }

  /** C = A B of dense matrices; a transposed one is stored as its transposition. */
  public static GemmSpec dense(int m, int n, int k, boolean transposeA, boolean transposeB) {
    return new GemmSpec(m, n, k, transposeA ? new Strides(1, m) : new Strides(k, 1),
        transposeB ? new Strides(1, k) : new Strides(n, 1), n, false);
  }

  /** The same of operands in other elements. */
  public GemmSpec withElements(Element left, Element right) {
    return new GemmSpec(
        m, n, k, new Strides(a.row, a.column, left), new Strides(b.row, b.column, right), cRow, accumulate);
  }
}
