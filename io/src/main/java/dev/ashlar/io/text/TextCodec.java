package dev.ashlar.io.text;

import dev.ashlar.config.FileException;

/** Text as the numbers of its tokens, and back. Thread-safe. */
public interface TextCodec {

  /**
   * The tokens of a text.
   *
   * @param source what messages call it
   * @throws FileException if there are no tokens for a part of it
   */
  int[] encode(String text, String source) throws FileException;

  /** Reads tokens one by one. */
  Decoder decoder();

  /** Text that comes token by token: what is given out never ends within a character. Not thread-safe. */
  interface Decoder {

    /** What this token, behind those before it, adds for certain; empty where that depends on the next one. */
    String next(int token);

    /** What was waiting for a next token, now that there is none. */
    String rest();
  }
}
