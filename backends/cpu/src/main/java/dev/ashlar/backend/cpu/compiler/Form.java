package dev.ashlar.backend.cpu.compiler;

import java.util.Arrays;

/**
 * A row-major position as a sum over the axes of a {@link Space}: offset + factors[k] * index k.
 *
 * @param offset position at the origin
 * @param factors one for each axis; not to be written
 */
record Form(long offset, long[] factors) {

  static Form zero(int axes) {
    return new Form(0, new long[axes]);
  }

  /** The position in a dense array over exactly these extents. */
  static Form rowMajor(int[] extents) {
    long[] factors = new long[extents.length];
    long stride = 1;
    for (int i = extents.length - 1; i >= 0; i--) {
      factors[i] = stride;
      stride *= extents[i];
    }
    return new Form(0, factors);
  }

  Form plus(Form other) {
    long[] sum = factors.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += other.factors[i];
    }
    return new Form(offset + other.offset, sum);
  }

  Form plus(long number) {
    return new Form(offset + number, factors);
  }

  Form times(long number) {
    return new Form(offset * number, Arrays.stream(factors).map(f -> f * number).toArray());
  }

  /** This form after an axis was replaced by two, the second of extent {@code inner}. */
  Form split(int axis, int inner) {
    long[] split = new long[factors.length + 1];
    System.arraycopy(factors, 0, split, 0, axis + 1);
    System.arraycopy(factors, axis, split, axis + 1, factors.length - axis);
    split[axis] *= inner;
    return new Form(offset, split);
  }

  boolean dependsOn(int axis) {
    return factors[axis] != 0;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Form f && offset == f.offset && Arrays.equals(factors, f.factors);
  }

  @Override
  public int hashCode() {
    return 31 * Long.hashCode(offset) + Arrays.hashCode(factors);
  }

  @Override
  public String toString() {
    return offset + " + " + Arrays.toString(factors);
  }
}
