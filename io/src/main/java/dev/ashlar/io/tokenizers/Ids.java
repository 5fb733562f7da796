package dev.ashlar.io.tokenizers;

import java.util.Arrays;

/** A growing list of numbers of tokens. */
final class Ids {
  private int[] values;
  private int size;

  Ids(int capacity) {
    values = new int[Math.max(16, capacity)];
  }

  void add(int id) {
    if (size == values.length) grow(size + 1L);
    values[size++] = id;
  }

  void addAll(int[] ids) {
    addAll(ids, ids.length);
  }

  void addAll(int[] ids, int count) {
    if (values.length - size < count) grow((long) size + count);
    // Most words are one token or two: a call would take longer than they do.
    if (count == 1) values[size] = ids[0];
    else System.arraycopy(ids, 0, values, size, count);
    size += count;
  }

  int last() {
    return values[size - 1];
  }

  int removeLast() {
    return values[--size];
  }

  int size() {
    return size;
  }

  int[] toArray() {
    return Arrays.copyOf(values, size);
  }

  private void grow(long least) {
    long length = Math.min(Integer.MAX_VALUE - 8L, Math.max(least, values.length * 3L / 2));
    if (length < least) throw new IllegalArgumentException("a text of more than " + length + " tokens");
    values = Arrays.copyOf(values, (int) length);
  }
}
