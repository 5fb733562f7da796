package dev.ashlar.io.tokenizers;

import dev.ashlar.io.tokenizers.Decoder.Stage;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** The stages that {@link Decoder}s are made of. */
final class DecoderStages {
  private DecoderStages() {}

  /** As English is written, of the tokens of a text that was split at punctuation. */
  static String cleaned(String text) {
    return text.replace(" .", ".").replace(" ?", "?").replace(" !", "!").replace(" ,", ",").replace(" ' ", "'")
        .replace(" n't", "n't").replace(" 'm", "'m").replace(" do not", " don't").replace(" 's", "'s")
        .replace(" 've", "'ve").replace(" 're", "'re");
  }

  /** A stage that looks at whole tokens. */
  abstract static class Whole implements Stage {
    private final Stage next;
    private final StringBuilder parts = new StringBuilder();

    Whole(Stage next) {
      this.next = next;
    }

    abstract void token(String token);

    /** Passes a whole token on. */
    final void pass(String token) {
      next.text(token);
      next.endToken();
    }

    @Override
    public final void text(String part) {
      parts.append(part);
    }

    @Override
    public final void endToken() {
      var token = parts.toString();
      parts.setLength(0);
      token(token);
    }

    @Override
    public void end() {
      next.end();
    }
  }

  /** Bytes of UTF-8, passed on as characters become whole; what is no UTF-8 becomes U+FFFD. */
  static final class Utf8 implements Stage {
    private static final int ROOM = 64;

    private final Stage next;
    private final StringBuilder parts = new StringBuilder();
    private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder()
        .onMalformedInput(CodingErrorAction.REPLACE)
        .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private ByteBuffer rest = ByteBuffer.allocate(0);

    Utf8(Stage next) {
      this.next = next;
    }

    @Override
    public void text(String part) {
      parts.append(part);
    }

    @Override
    public void endToken() {
      var bytes = ByteLetters.bytes(parts.toString());
      parts.setLength(0);
      if (!rest.hasRemaining()) {
        rest = ByteBuffer.wrap(bytes);
      } else {
        rest = ByteBuffer.allocate(rest.remaining() + bytes.length).put(rest).put(bytes).flip();
      }
      decode(false);
    }

    @Override
    public void end() {
      decode(true);
      next.endToken();
      next.end();
    }

    private void decode(boolean last) {
      var out = CharBuffer.allocate(Math.max(ROOM, rest.remaining() + 2));
      decoder.decode(rest, out, last);
      if (last) decoder.flush(out);
      if (out.position() > 0) next.text(out.flip().toString());
    }
  }

  /** Bytes that tokens stand for, passed on when no more of them come: a run that is no UTF-8 is U+FFFD throughout. */
  static final class ByteTokens extends Whole {
    private static final int LENGTH = "<0x00>".length();

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    ByteTokens(Stage next) {
      super(next);
    }

    @Override
    void token(String token) {
      int value = value(token);
      if (value >= 0) {
        bytes.write(value);
        return;
      }
      flush();
      pass(token);
    }

    @Override
    public void end() {
      flush();
      super.end();
    }

    private void flush() {
      if (bytes.size() == 0) return;
      var run = bytes.toByteArray();
      bytes.reset();
      try {
        pass(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(run)).toString());
      } catch (CharacterCodingException _) {
        for (int i = 0; i < run.length; i++) pass("\ufffd");
      }
    }

    /** The byte, or -1. */
    private static int value(String token) {
      if (token.length() != LENGTH || !token.startsWith("<0x") || !token.endsWith(">")) return -1;
      int high = digit(token.charAt(3));
      int low = digit(token.charAt(4));
      return high < 0 || low < 0 ? -1 : high << 4 | low;
    }

    private static int digit(char c) {
      return c < 0x80 ? Character.digit(c, 16) : -1;
    }
  }

  /** Without some of a character at the ends of tokens. */
  static final class Stripped implements Stage {
    private final Stage next;
    private final int content;
    private final int start;
    private final int stop;
    /** How many are gone at the beginning; {@code start} once another character came. */
    private int gone;
    /** How many were the last characters so far, and may have to go. */
    private int held;

    Stripped(Stage next, int content, int start, int stop) {
      this.next = next;
      this.content = content;
      this.start = start;
      this.stop = stop;
    }

    @Override
    public void text(String part) {
      var passed = new StringBuilder();
      part.codePoints().forEach(c -> {
        if (c == content && gone < start) {
          gone++;
        } else if (c == content && held < stop) {
          gone = start;
          held++;
        } else {
          gone = start;
          if (c != content) {
            for (; held > 0; held--) passed.appendCodePoint(content);
          }
          passed.appendCodePoint(c);
        }
      });
      if (!passed.isEmpty()) next.text(passed.toString());
    }

    @Override
    public void endToken() {
      gone = 0;
      held = 0;
      next.endToken();
    }

    @Override
    public void end() {
      next.end();
    }
  }

  /** With something in the place of a text; what may be the beginning of that text waits. */
  static final class Replaced implements Stage {
    private final Stage next;
    private final String wanted;
    private final String content;
    private String waiting = "";

    Replaced(Stage next, String wanted, String content) {
      this.next = next;
      this.wanted = wanted;
      this.content = content;
    }

    @Override
    public void text(String part) {
      var all = waiting + part;
      int last = all.lastIndexOf(wanted);
      // Matches are counted from the left, which matters where they overlap.
      int done = 0;
      for (int at = last < 0 ? -1 : all.indexOf(wanted); at >= 0; at = all.indexOf(wanted, done)) {
        done = at + wanted.length();
      }
      int keep = Math.min(wanted.length() - 1, all.length() - done);
      while (!wanted.startsWith(all.substring(all.length() - keep))) keep--;
      int end = all.length() - keep;
      waiting = all.substring(end);
      if (end > 0) next.text(all.substring(0, end).replace(wanted, content));
    }

    @Override
    public void endToken() {
      if (!waiting.isEmpty()) next.text(waiting);
      waiting = "";
      next.endToken();
    }

    @Override
    public void end() {
      next.end();
    }
  }

  /** With blanks for the suffixes of words, but in the last token nothing. */
  static final class WordEnds extends Whole {
    private final Stage next;
    private final String suffix;
    private String waiting = "";
    private boolean began;

    WordEnds(Stage next, String suffix) {
      super(next);
      this.next = next;
      this.suffix = suffix;
    }

    @Override
    void token(String token) {
      if (began) pass(waiting.replace(suffix, " "));
      began = true;
      int certain = suffix.isEmpty() ? 0 : token.indexOf(suffix);
      if (certain < 0) certain = token.length();
      if (certain > 0) next.text(token.substring(0, certain));
      waiting = token.substring(certain);
    }

    @Override
    public void end() {
      if (began) pass(waiting.replace(suffix, ""));
      super.end();
    }
  }
}
