package dev.ashlar.io.tokenizers;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Words that were seen lately, and their tokens. Bounded: a word takes the place of another with the same slot. Threads
 * share it without locks: an entry is immutable, so whoever sees one at all sees the whole of it, and a lost one is
 * only computed again.
 */
final class WordCache {
  /** Longer words hardly come twice. */
  static final int LONGEST = 32;

  private static final int SLOTS = 1 << 16;

  private final @Nullable Entry[] entries = new @Nullable Entry[SLOTS];

  private record Entry(char[] word, int[] ids) {}

  /** A word's place in the cache. */
  static int slot(char[] text, int from, int to) {
    int hash = 0;
    for (int i = from; i < to; i++) hash = hash * 31 + text[i];
    hash *= 0x9e3779b9;
    return (hash ^ hash >>> 15) & SLOTS - 1;
  }

  /** The tokens of a word, or null. The caller leaves the array as it is. */
  int @Nullable [] find(int slot, char[] text, int from, int to) {
    var entry = entries[slot];
    return entry != null && Arrays.equals(entry.word, 0, entry.word.length, text, from, to) ? entry.ids : null;
  }

  void put(int slot, char[] text, int from, int to, int[] ids) {
    entries[slot] = new Entry(Arrays.copyOfRange(text, from, to), ids);
  }
}
