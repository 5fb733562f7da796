package dev.ashlar.cli;

import java.util.Arrays;

/**
 * A curve of any number of points in little memory: means of as many points as it takes for all to fit. Adding
 * allocates nothing.
 */
final class Points {

  private static final int ROOM = 512;

  private final double[] x = new double[ROOM];
  private final double[] y = new double[ROOM];
  private int size;
  /** Points that make one, and those that make the next so far. */
  private int stride = 1;
  private int gathered;
  private double sumX;
  private double sumY;

  /** Adds a point to the right of all others; what is no number is left out. */
  void add(double atX, double atY) {
    if (!Double.isFinite(atY)) {
      return;
    }
    sumX += atX;
    sumY += atY;
    gathered++;
    if (gathered == stride) {
      x[size] = sumX / gathered;
      y[size] = sumY / gathered;
      size++;
      gathered = 0;
      sumX = 0;
      sumY = 0;
    }
    if (size == ROOM) {
      halve();
    }
  }

  private void halve() {
    size /= 2;
    stride *= 2;
    for (int i = 0; i < size; i++) {
      x[i] = (x[2 * i] + x[2 * i + 1]) / 2;
      y[i] = (y[2 * i] + y[2 * i + 1]) / 2;
    }
  }

  /** These in no more points than so many: single batches say little. */
  Points thinned(int most) {
    Points fewer = new Points();
    fewer.stride = Math.max(1, Math.ceilDiv(size, most));
    for (int i = 0; i < size; i++) {
      fewer.add(x[i], y[i]);
    }
    return fewer;
  }

  int size() {
    return size;
  }

  /** Places of the points, from left to right. */
  double[] x() {
    return Arrays.copyOf(x, size);
  }

  /** Values of the points, in the same order. */
  double[] y() {
    return Arrays.copyOf(y, size);
  }
}
