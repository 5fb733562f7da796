package dev.ashlar.io.tokenizers;

import java.util.Arrays;

/** A binary heap of numbers, the least on top. */
final class LongHeap {
  private long[] items;
  private int size;

  LongHeap(int capacity) {
    items = new long[Math.max(16, capacity)];
  }

  boolean isEmpty() {
    return size == 0;
  }

  void push(long item) {
    if (size == items.length) items = Arrays.copyOf(items, size * 2);
    int at = size++;
    while (at > 0) {
      int above = at - 1 >> 1;
      if (items[above] <= item) break;
      items[at] = items[above];
      at = above;
    }
    items[at] = item;
  }

  long pop() {
    long top = items[0];
    long last = items[--size];
    int at = 0;
    for (int below = 1; below < size; below = 2 * at + 1) {
      if (below + 1 < size && items[below + 1] < items[below]) below++;
      if (items[below] >= last) break;
      items[at] = items[below];
      at = below;
    }
    items[at] = last;
    return top;
  }
}
