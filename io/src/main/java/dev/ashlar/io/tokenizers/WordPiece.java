package dev.ashlar.io.tokenizers;

import java.util.Arrays;

/**
 * A word as the longest token that it begins with, then the longest one with the prefix that follows, and so on; a word
 * that is not made of tokens is unknown as a whole.
 *
 * @param prefix what tokens begin with that begin no word
 * @param unknown the token of unknown words
 * @param longest characters of a word that is looked at
 */
record WordPiece(Vocabulary vocabulary, String prefix, int unknown, int longest, WordCache cache)
    implements Model, WordCache.Coder {
  @Override
  public void encode(String word, Ids ids) {
    encode(word.toCharArray(), 0, word.length(), ids);
  }

  /** Adds the tokens of a word within a text. */
  void encode(char[] text, int from, int to, Ids ids) {
    ids.addAll(cache.tokens(text, from, to, this));
  }

  @Override
  public int[] tokens(char[] text, int from, int to) {
    var word = new String(text, from, to - from);
    int[] found = new int[word.length()];
    int count = word.codePointCount(0, word.length()) <= longest ? match(word, found) : 0;
    return count == 0 ? new int[] {unknown} : Arrays.copyOf(found, count);
  }

  /** How many tokens there are, or 0 if the word is not made of any. */
  private int match(String word, int[] found) {
    int count = 0;
    for (int from = 0; from < word.length();) {
      int to = word.length();
      int id = -1;
      for (; to > from; to -= Character.charCount(word.codePointBefore(to))) {
        var part = word.substring(from, to);
        id = vocabulary.id(from == 0 ? part : prefix + part);
        if (id >= 0) break;
      }
      if (id < 0) return 0;
      found[count++] = id;
      from = to;
    }
    return count;
  }
}
