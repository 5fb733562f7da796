package dev.ashlar.io.tokenizers;

import java.util.List;

/**
 * Where a word of BPE may be cut without a change to its tokens: between two letters that no rule brings together,
 * which is when none has a left part that ends with the one and a right part that begins with the other. Texts that are
 * one word, as SentencePiece's are, so become short pieces that come again and again.
 */
final class Seams {
  private static final int BITS = 16;

  /** By a hash of two letters: a pair that shares its place with another is cut less often than it could be. */
  private final long[] joined = new long[1 << BITS - 6];
  /** Letters that have a token; those that have none may become one with their neighbours. */
  private final long[] known = new long[1 << Character.SIZE - 6];

  /**
   * @param left parts of the rules
   * @param right as many
   */
  Seams(Vocabulary vocabulary, List<String> left, List<String> right) {
    for (int c = 0; c <= Character.MAX_VALUE; c++) {
      if (!Character.isSurrogate((char) c) && vocabulary.id(String.valueOf((char) c)) >= 0) set(known, c);
    }
    for (int i = 0; i < left.size(); i++) {
      var before = left.get(i);
      var after = right.get(i);
      if (!before.isEmpty() && !after.isEmpty()) {
        set(joined, place(before.charAt(before.length() - 1), after.charAt(0)));
      }
    }
  }

  private static int place(char before, char after) {
    return (before * 31 + after) * 0x9e3779b9 >>> Integer.SIZE - BITS;
  }

  private static void set(long[] bits, int at) {
    bits[at >> 6] |= 1L << at;
  }

  private static boolean has(long[] bits, int at) {
    return (bits[at >> 6] >> at & 1) != 0;
  }

  /** Where the piece ends that begins here. */
  int next(char[] word, int from) {
    for (int to = from + 1; to < word.length; to++) {
      if (!has(joined, place(word[to - 1], word[to])) && has(known, word[to - 1]) && has(known, word[to])) return to;
    }
    return word.length;
  }
}
