package dev.ashlar.io.tokenizers;

/** Properties of characters as Unicode defines them, where Java's own methods mean something else. */
final class Characters {
  private static final int LETTERS = 1 << Character.UPPERCASE_LETTER | 1 << Character.LOWERCASE_LETTER
      | 1 << Character.TITLECASE_LETTER | 1 << Character.MODIFIER_LETTER | 1 << Character.OTHER_LETTER;
  private static final int NUMBERS = 1 << Character.DECIMAL_DIGIT_NUMBER | 1 << Character.LETTER_NUMBER
      | 1 << Character.OTHER_NUMBER;
  private static final int MARKS = 1 << Character.NON_SPACING_MARK | 1 << Character.COMBINING_SPACING_MARK
      | 1 << Character.ENCLOSING_MARK;
  private static final int PUNCTUATION = 1 << Character.CONNECTOR_PUNCTUATION | 1 << Character.DASH_PUNCTUATION
      | 1 << Character.START_PUNCTUATION | 1 << Character.END_PUNCTUATION
      | 1 << Character.INITIAL_QUOTE_PUNCTUATION | 1 << Character.FINAL_QUOTE_PUNCTUATION
      | 1 << Character.OTHER_PUNCTUATION;
  private static final int OTHERS = 1 << Character.CONTROL | 1 << Character.FORMAT | 1 << Character.PRIVATE_USE
      | 1 << Character.SURROGATE;
  private static final String ASCII_SYMBOLS = "$+<=>^`|~";

  private Characters() {}

  /** White_Space: neither {@code Character.isWhitespace} nor {@code isSpaceChar} is. */
  static boolean isWhitespace(int c) {
    if (c < 0x80) return c == ' ' || c >= '\t' && c <= '\r';
    return switch (c) {
      case 0x85, 0xa0, 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000 -> true;
      default -> c >= 0x2000 && c <= 0x200a;
    };
  }

  static boolean isLetter(int c) {
    return is(LETTERS, c);
  }

  /** Digits, and other numbers such as fractions. */
  static boolean isNumber(int c) {
    return is(NUMBERS, c);
  }

  static boolean isMark(int c) {
    return is(MARKS, c);
  }

  /** What regular expressions call a character of a word. */
  static boolean isWord(int c) {
    return Character.isAlphabetic(c) || isMark(c) || Character.isDigit(c)
        || Character.getType(c) == Character.CONNECTOR_PUNCTUATION || c == 0x200c || c == 0x200d;
  }

  static boolean isPunctuation(int c) {
    return is(PUNCTUATION, c) || c < 0x80 && ASCII_SYMBOLS.indexOf(c) >= 0;
  }

  /** Control and format characters and those of private use, but no tab or end of a line. */
  static boolean isControl(int c) {
    return c != '\t' && c != '\n' && c != '\r' && is(OTHERS, c);
  }

  static boolean isIdeograph(int c) {
    return c >= 0x4e00 && c <= 0x9fff || c >= 0x3400 && c <= 0x4dbf || c >= 0x20000 && c <= 0x2a6df
        || c >= 0x2a700 && c <= 0x2b73f || c >= 0x2b740 && c <= 0x2b81f || c >= 0x2b920 && c <= 0x2ceaf
        || c >= 0xf900 && c <= 0xfaff || c >= 0x2f800 && c <= 0x2fa1f;
  }

  private static boolean is(int kinds, int c) {
    return (kinds >> Character.getType(c) & 1) != 0;
  }

  /** The text with U+FFFD for halves of characters, which have no meaning and no UTF-8. */
  static String whole(String text) {
    StringBuilder mended = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!Character.isSurrogate(c)) continue;
      boolean pair = Character.isHighSurrogate(c) && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1));
      if (pair) {
        i++;
      } else {
        if (mended == null) mended = new StringBuilder(text);
        mended.setCharAt(i, '\ufffd');
      }
    }
    return mended == null ? text : mended.toString();
  }
}
