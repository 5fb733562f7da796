package dev.ashlar.training;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Bytes of UTF-8, one by one; what is none becomes U+FFFD. */
final class Utf8Decoder implements ModelText.Decoder {

  private static final int LONGEST = 4;

  private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder()
      .onMalformedInput(CodingErrorAction.REPLACE)
      .onUnmappableCharacter(CodingErrorAction.REPLACE);
  private final ByteBuffer waiting = ByteBuffer.allocate(2 * LONGEST);
  private final CharBuffer read = CharBuffer.allocate(4 * LONGEST);

  @Override
  public String next(int token) {
    waiting.put((byte) token);
    return read(false);
  }

  @Override
  public String rest() {
    String rest = read(true);
    decoder.reset();
    return rest;
  }

  private String read(boolean end) {
    waiting.flip();
    decoder.decode(waiting, read, end);
    if (end) {
      decoder.flush(read);
    }
    waiting.compact();
    read.flip();
    String text = read.toString();
    read.clear();
    return text;
  }
}
