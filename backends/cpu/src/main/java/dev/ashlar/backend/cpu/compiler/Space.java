package dev.ashlar.backend.cpu.compiler;

import java.util.stream.IntStream;

/**
 * What a kernel loops over. Axes of extent 1 may occur.
 *
 * @param extents of the axes; not to be written
 * @param inner whether an axis is reduced by the kernel's reductions
 * @param columns whether lanes run across the last axis that stays, and rows are added up one after the other
 */
record Space(int[] extents, boolean[] inner, boolean columns) {

  static Space flat(long size) {
    return new Space(new int[] {Math.toIntExact(size)}, new boolean[1], false);
  }

  int rank() {
    return extents.length;
  }

  long size() {
    return product(IntStream.range(0, rank()));
  }

  IntStream outerAxes() {
    return IntStream.range(0, rank()).filter(i -> !inner[i]);
  }

  IntStream innerAxes() {
    return IntStream.range(0, rank()).filter(i -> inner[i]);
  }

  boolean isReduced() {
    return innerAxes().findAny().isPresent();
  }

  /**
   * Whether two loops in place of one keep the order of summation: not where lanes run along a reduced axis.
   */
  boolean maySplit(int axis) {
    return !inner[axis] || columns || axis != innerAxes().max().orElse(-1);
  }

  private long product(IntStream axes) {
    return axes.mapToLong(i -> extents[i]).reduce(1, Math::multiplyExact);
  }

  /** With an axis replaced by two, the second of extent {@code part}. */
  Space split(int axis, int part) {
    int[] newExtents = new int[rank() + 1];
    boolean[] newInner = new boolean[rank() + 1];
    for (int i = 0; i < newExtents.length; i++) {
      int from = i <= axis ? i : i - 1;
      newExtents[i] = i == axis ? extents[axis] / part : i == axis + 1 ? part : extents[from];
      newInner[i] = inner[from];
    }
    return new Space(newExtents, newInner, columns);
  }

  /** With these axes reduced. */
  Space withInner(boolean[] axes) {
    return new Space(extents, axes, columns);
  }
}
