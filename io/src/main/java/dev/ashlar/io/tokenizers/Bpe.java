package dev.ashlar.io.tokenizers;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Byte-pair encoding: a word begins as its characters, and neighbours are merged by rules in their order.
 *
 * @param prefix what tokens begin with that begin no word; may be empty
 * @param suffix what tokens end with that end a word; may be empty
 * @param unknown the token of a character that there is no token for, or -1: such characters go
 * @param fuseUnknown whether such characters in a row are one
 * @param byteTokens tokens of the bytes of such characters, each -1 where there is none; or null
 * @param wholeWords whether a word that is a token needs no rules
 * @param search the fast way, or null: words are merged
 * @param seams where a word may be cut without a change to its tokens, or null: nowhere
 */
record Bpe(Vocabulary vocabulary, Merges merges, String prefix, String suffix, int unknown, boolean fuseUnknown,
    int @Nullable [] byteTokens, boolean wholeWords, @Nullable TokenSearch search, @Nullable Seams seams,
    WordCache cache) implements Model, WordCache.Coder {
  private static final int BYTES = 256;

  /** The tokens {@code <0x00>} to {@code <0xFF>}, each -1 where there is none. */
  static int[] byteTokens(Vocabulary vocabulary) {
    var tokens = new int[BYTES];
    for (int b = 0; b < BYTES; b++) tokens[b] = vocabulary.id(String.format(Locale.ROOT, "<0x%02X>", b));
    return tokens;
  }

  @Override
  public void encode(String word, Ids ids) {
    var letters = word.toCharArray();
    if (search != null) {
      search.encode(letters, ids, this);
      return;
    }
    for (int from = 0; from < letters.length;) {
      int to = seams == null ? letters.length : seams.next(letters, from);
      ids.addAll(cache.tokens(letters, from, to, this));
      from = to;
    }
  }

  @Override
  public int[] tokens(char[] text, int from, int to) {
    var word = new String(text, from, to - from);
    if (wholeWords) {
      int whole = vocabulary.id(word);
      if (whole >= 0) return new int[] {whole};
    }
    var letters = letters(word);
    int count = merges.apply(letters, letters.length);
    return Arrays.copyOf(letters, count);
  }

  private int[] letters(String word) {
    var letters = new Ids(word.length());
    // Of the characters without a token, what was seen but not added yet: runs may become one.
    boolean waiting = false;
    for (int i = 0; i < word.length();) {
      int end = i + Character.charCount(word.codePointAt(i));
      var letter = word.substring(i, end);
      if (i > 0) letter = prefix + letter;
      if (end == word.length()) letter += suffix;
      i = end;
      int id = vocabulary.id(letter);
      if (id >= 0) {
        if (waiting) letters.add(unknown);
        waiting = false;
        letters.add(id);
      } else if (!addBytes(letter, letters) && unknown >= 0) {
        if (waiting && !fuseUnknown) letters.add(unknown);
        waiting = true;
      }
    }
    if (waiting) letters.add(unknown);
    return letters.toArray();
  }

  private boolean addBytes(String letter, Ids letters) {
    if (byteTokens == null) return false;
    var bytes = letter.getBytes(StandardCharsets.UTF_8);
    for (byte b : bytes) {
      if (byteTokens[b & 0xff] < 0) return false;
    }
    for (byte b : bytes) letters.add(byteTokens[b & 0xff]);
    return true;
  }
}
