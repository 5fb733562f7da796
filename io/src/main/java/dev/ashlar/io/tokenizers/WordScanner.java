package dev.ashlar.io.tokenizers;

import org.jspecify.annotations.Nullable;

/** Finds where a word ends, as a well-known pattern does. */
abstract sealed class WordScanner {
  /** Llama 3's pattern. */
  static final String LLAMA3 = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"
      + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
  /** Qwen's. */
  static final String QWEN2 = LLAMA3.replace("{1,3}", "");

  private static final byte OTHER = 0;
  private static final byte LETTER = 1;
  private static final byte NUMBER = 2;
  private static final byte BLANK = 3;
  private static final byte[] ASCII = ascii();

  private static byte[] ascii() {
    var kinds = new byte[0x80];
    for (int c = 0; c < kinds.length; c++) kinds[c] = kindOf(c);
    return kinds;
  }

  private static byte kindOf(int c) {
    if (Characters.isWhitespace(c)) return BLANK;
    if (Characters.isLetter(c)) return LETTER;
    return Characters.isNumber(c) ? NUMBER : OTHER;
  }

  /** The scanner for a pattern, or null if there is none. */
  static @Nullable WordScanner of(String pattern) {
    if (pattern.equals(PreTokenizer.Bytes.PATTERN)) return new Gpt2();
    if (pattern.equals(LLAMA3)) return new Llama3(3);
    return pattern.equals(QWEN2) ? new Llama3(1) : null;
  }

  /** The end of the word that begins here. */
  abstract int end(char[] text, int from);

  /** GPT-2's pattern. */
  private static final class Gpt2 extends WordScanner {
    @Override
    int end(char[] text, int from) {
      char c = text[from];
      if (c == '\'') {
        int end = contraction(text, from, false);
        if (end > from) return end;
      }
      int start = c == ' ' && from + 1 < text.length ? from + 1 : from;
      byte kind = kind(text, start);
      if (kind != BLANK) return run(text, start, kind);
      return blanks(text, from, run(text, from, BLANK));
    }
  }

  /** Llama 3's pattern, and Qwen's, whose numbers are single digits. */
  private static final class Llama3 extends WordScanner {
    private final int digits;

    Llama3(int digits) {
      this.digits = digits;
    }

    @Override
    int end(char[] text, int from) {
      char c = text[from];
      if (c == '\'') {
        int end = contraction(text, from, true);
        if (end > from) return end;
      }
      byte kind = kind(text, from);
      if (kind == LETTER) return run(text, from, LETTER);
      if (kind == NUMBER) return number(text, from);
      int next = from + width(text, from);
      byte after = next < text.length ? kind(text, next) : BLANK;
      if (after == LETTER && c != '\r' && c != '\n') return run(text, next, LETTER);
      if (kind == OTHER) return lineEnds(text, run(text, from, OTHER));
      if (c == ' ' && after == OTHER) return lineEnds(text, run(text, next, OTHER));
      int end = run(text, from, BLANK);
      for (int i = end; i > from; i--) {
        if (text[i - 1] == '\r' || text[i - 1] == '\n') return i;
      }
      return blanks(text, from, end);
    }

    private int number(char[] text, int from) {
      int end = from;
      for (int i = 0; i < digits && end < text.length && kind(text, end) == NUMBER; i++) end += width(text, end);
      return end;
    }

    private static int lineEnds(char[] text, int from) {
      int end = from;
      while (end < text.length && (text[end] == '\r' || text[end] == '\n')) end++;
      return end;
    }
  }

  private static byte kind(char[] text, int at) {
    char c = text[at];
    return c < 0x80 ? ASCII[c] : kindOf(Character.codePointAt(text, at));
  }

  private static int width(char[] text, int at) {
    return Character.isHighSurrogate(text[at]) ? Character.charCount(Character.codePointAt(text, at)) : 1;
  }

  private static int run(char[] text, int from, byte kind) {
    int end = from;
    while (end < text.length) {
      char c = text[end];
      if (c < 0x80) {
        if (ASCII[c] != kind) break;
        end++;
      } else {
        int whole = Character.codePointAt(text, end);
        if (kindOf(whole) != kind) break;
        end += Character.charCount(whole);
      }
    }
    return end;
  }

  /** Of several blanks before a word the last belongs to it. */
  private static int blanks(char[] text, int from, int end) {
    return end == text.length || end - from == 1 ? end : end - 1;
  }

  /** The end of 's, 't, 're, 've, 'm, 'll or 'd; the beginning if there is none. */
  private static int contraction(char[] text, int from, boolean anyCase) {
    if (from + 1 >= text.length) return from;
    char first = folded(text[from + 1], anyCase);
    if (first == 's' || first == 't' || first == 'm' || first == 'd') return from + 2;
    if (from + 2 >= text.length) return from;
    char second = folded(text[from + 2], anyCase);
    boolean found = first == 'r' && second == 'e' || first == 'v' && second == 'e' || first == 'l' && second == 'l';
    return found ? from + 3 : from;
  }

  private static char folded(char c, boolean anyCase) {
    if (!anyCase) return c;
    if (c == '\u017f') return 's'; // the long s is a small letter of S
    return c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c;
  }
}
