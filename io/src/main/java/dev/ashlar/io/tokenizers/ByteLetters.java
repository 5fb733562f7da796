package dev.ashlar.io.tokenizers;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The letters that stand for bytes in vocabularies of byte-level BPE, from GPT-2: a printable character of Latin-1 for
 * itself, and U+0100 and after for the rest in turn.
 */
final class ByteLetters {
  private static final int BYTES = 256;
  private static final char[] LETTERS = letters();
  private static final short[] VALUES = values();

  private ByteLetters() {}

  private static char[] letters() {
    var letters = new char[BYTES];
    int others = 0;
    for (int b = 0; b < BYTES; b++) {
      boolean printable = b >= '!' && b <= '~' || b >= 0xa1 && b <= 0xac || b >= 0xae;
      letters[b] = (char) (printable ? b : BYTES + others++);
    }
    return letters;
  }

  private static short[] values() {
    var values = new short[2 * BYTES];
    Arrays.fill(values, (short) -1);
    for (int b = 0; b < BYTES; b++) values[LETTERS[b]] = (short) b;
    return values;
  }

  /** The letter of a byte from 0 to 255. */
  static char letter(int value) {
    return LETTERS[value];
  }

  /** The letters of a text's UTF-8. */
  static String of(String text) {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    var letters = new char[bytes.length];
    for (int i = 0; i < bytes.length; i++) letters[i] = LETTERS[bytes[i] & 0xff];
    return new String(letters);
  }

  /** The bytes that a token stands for; those of its own UTF-8 if not all of it are such letters. */
  static byte[] bytes(String token) {
    var bytes = new byte[token.length()];
    for (int i = 0; i < bytes.length; i++) {
      char c = token.charAt(i);
      if (c >= VALUES.length || VALUES[c] < 0) return token.getBytes(StandardCharsets.UTF_8);
      bytes[i] = (byte) VALUES[c];
    }
    return bytes;
  }
}
