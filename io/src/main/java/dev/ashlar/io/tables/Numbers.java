package dev.ashlar.io.tables;

/** Numbers in text. */
public final class Numbers {
  /** Longer text is no number that anyone measured; nor is one of more digits in its exponent. */
  private static final int LONGEST = 1000;
  private static final int EXPONENT = 9;

  private Numbers() {}

  /**
   * The number, infinite if it is beyond f32, NaN if the text is none: only digits, sign, point and exponent.
   */
  public static float parse(String text) {
    int length = text.length();
    if (length > 0 && length <= 7 && allDigits(text)) return Integer.parseInt(text);
    return isNumber(text) ? Float.parseFloat(text) : Float.NaN;
  }

  /** Whether text is a number: digits, sign, point and exponent, no more. */
  public static boolean isNumber(String text) {
    if (text.length() > LONGEST) return false;
    int at = skipSign(text, 0);
    int whole = skipDigits(text, at);
    int digits = whole - at;
    at = whole;
    if (at < text.length() && text.charAt(at) == '.') {
      int end = skipDigits(text, at + 1);
      digits += end - at - 1;
      at = end;
    }
    if (digits == 0) return false;
    if (at < text.length() && (text.charAt(at) | 0x20) == 'e') {
      int exponent = skipSign(text, at + 1);
      at = skipDigits(text, exponent);
      if (at == exponent || at - exponent > EXPONENT) return false;
    }
    return at == text.length();
  }

  private static boolean allDigits(String text) {
    return skipDigits(text, 0) == text.length();
  }

  private static int skipSign(String text, int at) {
    return at < text.length() && (text.charAt(at) == '-' || text.charAt(at) == '+') ? at + 1 : at;
  }

  private static int skipDigits(String text, int at) {
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') at++;
    return at;
  }
}
