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
  private static final int LONGEST = 32;

  private static final int SLOTS = 1 << 16;

  private final @Nullable Entry[] entries = new @Nullable Entry[SLOTS];

  private record Entry(char[] word, int[] ids) {}

  /** Finds the tokens of words that the cache does not know. */
  interface Coder {
    int[] tokens(char[] text, int from, int to);
  }

  /** The tokens of a word. The caller leaves the array as it is. */
  int[] tokens(char[] text, int from, int to, Coder coder) {
    if (to - from > LONGEST) return coder.tokens(text, from, to);
    int slot = slot(text, from, to);
    var entry = entries[slot];
    if (entry != null && Arrays.equals(entry.word, 0, entry.word.length, text, from, to)) return entry.ids;
    var ids = coder.tokens(text, from, to);
    entries[slot] = new Entry(Arrays.copyOfRange(text, from, to), ids);
    return ids;
  }

  private static int slot(char[] text, int from, int to) {
    int hash = 0;
    for (int i = from; i < to; i++) hash = hash * 31 + text[i];
    hash *= 0x9e3779b9;
    return (hash ^ hash >>> 15) & SLOTS - 1;
  }
}
