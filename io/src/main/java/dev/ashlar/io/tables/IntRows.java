package dev.ashlar.io.tables;

import java.util.Arrays;

/** Numbers of rows, growing. */
final class IntRows {
  private int[] values = new int[1024];
  private int size;

  void add(int value) {
    if (size == values.length) values = Arrays.copyOf(values, size + (size >> 1));
    values[size++] = value;
  }

  int get(int row) {
    return values[row];
  }

  void set(int row, int value) {
    values[row] = value;
  }

  int size() {
    return size;
  }

  int[] toArray() {
    return Arrays.copyOf(values, size);
  }
}
