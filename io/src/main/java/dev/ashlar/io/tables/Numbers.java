package dev.ashlar.io.tables;

/** Numbers in text. */
public final class Numbers {
  /** Longer text is no number that anyone measured; nor is one of more digits in its exponent. */
  private static final int LONGEST = 1000;
  private static final int EXPONENT = 9;
  /** All whole numbers up to here are exact in f32. */
  private static final int MOST_DIGITS = 1 << 24;
  private static final float[] POWERS = {1, 1e1f, 1e2f, 1e3f, 1e4f, 1e5f, 1e6f, 1e7f, 1e8f, 1e9f, 1e10f};

  private Numbers() {}

  /**
   * The number, infinite if it is beyond f32, NaN if the text is none: only digits, sign, point and exponent.
   */
  public static float parse(String text) {
    float simple = simple(text);
    return !Float.isNaN(simple) ? simple : isNumber(text) ? Float.parseFloat(text) : Float.NaN;
  }

  /**
   * A number without exponent whose digits and power of ten both are exact in f32, so that one division rounds it as it
   * should be (Clinger, How to read floating point numbers accurately, 1990); NaN for other text.
   */
  private static float simple(String text) {
    int start = skipSign(text, 0);
    int digits = 0;
    int point = -1;
    for (int at = start; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '.' && point < 0) {
        point = at;
      } else if (c >= '0' && c <= '9' && digits <= MOST_DIGITS) {
        digits = 10 * digits + c - '0';
      } else {
        return Float.NaN;
      }
    }
    int scale = point < 0 ? 0 : text.length() - 1 - point;
    int count = text.length() - start - (point < 0 ? 0 : 1);
    if (count == 0 || digits > MOST_DIGITS || scale >= POWERS.length) return Float.NaN;
    float value = digits / POWERS[scale];
    return text.charAt(0) == '-' ? -value : value;
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

  /**
   * What a category is called: a whole number has no fraction of zeros, since programs that write tables add one to a
   * column that lacks a value, {@code 1.0} for {@code 1}. Zeros in front stay, as in codes of places.
   */
  static String category(String text) {
    int point = text.indexOf('.');
    if (point < 0) return text;
    int digits = skipSign(text, 0);
    boolean isWhole = point > digits && skipDigits(text, digits) == point
        && text.chars().skip(point + 1L).allMatch(c -> c == '0');
    return isWhole ? text.substring(0, point) : text;
  }

  private static int skipSign(String text, int at) {
    return at < text.length() && (text.charAt(at) == '-' || text.charAt(at) == '+') ? at + 1 : at;
  }

  private static int skipDigits(String text, int at) {
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') at++;
    return at;
  }
}
