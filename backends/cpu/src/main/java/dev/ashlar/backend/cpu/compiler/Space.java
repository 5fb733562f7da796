package dev.ashlar.backend.cpu.compiler;

import java.util.stream.IntStream;

/**
 * What a kernel loops over. Axes of extent 1 may occur.
 *
 * @param extents of the axes; not to be written
 * @param inner whether an axis is reduced by the kernel's reductions; such axes are never split, for that would
 *     change the order of summation
 */
record Space(int[] extents, boolean[] inner) {

  static Space flat(long size) {
    return new Space(new int[] {Math.toIntExact(size)}, new boolean[1]);
  }

  int rank() {
    return extents.length;
  }

  long size() {
    return product(IntStream.range(0, rank()));
  }

  long outerSize() {
    return product(outerAxes());
  }

  long innerSize() {
    return product(innerAxes());
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
    return new Space(newExtents, newInner);
  }

  /** With these axes reduced. */
  Space withInner(boolean[] axes) {
    return new Space(extents, axes);
  }
}
