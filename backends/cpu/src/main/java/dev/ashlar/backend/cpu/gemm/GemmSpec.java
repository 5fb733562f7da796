package dev.ashlar.backend.cpu.gemm;

/**
 * A matrix product to be planned: C [m, n] = A [m, k] B [k, n], or C += A B. Rows of C are contiguous; A and
 * B may have any strides, so a transposed operand is one with its strides exchanged.
 *
 * @param a where elements of A are
 * @param b where elements of B are
 * @param cRow from one row of C to the next, in elements
 * @param accumulate whether the product is added to C
 */
public record GemmSpec(int m, int n, int k, Strides a, Strides b, long cRow, boolean accumulate) {

  /** Steps from one row and from one column to the next, in elements. */
  public record Strides(long row, long column) {}

  public GemmSpec {
    if (m < 1 || n < 1 || k < 1) {
      throw new IllegalArgumentException("a product of " + m + " x " + k + " and " + k + " x " + n);
    }
  }

  /** Time on one thread, roughly: 160 GFLOP/s, or 20 GB/s. */
  public static double nanos(int m, int n, int k) {
    double elements = (double) m * k + (double) k * n + (double) m * n;
    return Math.max(0.012 * m * n * k, 0.05 * Float.BYTES * elements);
  }

  /** C = A B of dense matrices; a transposed one is stored as its transposition. */
  public static GemmSpec dense(int m, int n, int k, boolean transposeA, boolean transposeB) {
    return new GemmSpec(m, n, k, transposeA ? new Strides(1, m) : new Strides(k, 1),
        transposeB ? new Strides(1, k) : new Strides(n, 1), n, false);
  }
}
