package dev.ashlar.io.tokenizers;

import dev.ashlar.io.tokenizers.Decoder.Stage;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The stages that {@link Decoder}s are made of. */
final class DecoderStages {
  private static final char UNREADABLE = '\ufffd';

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
    private final Stage next;
    private final StringBuilder parts = new StringBuilder();
    private final StringBuilder whole = new StringBuilder();
    /** The bits so far of the character at hand. */
    private int bits;
    /** How many bytes of it are to come. */
    private int missing;
    /** The least and the greatest value of the next one: the second tells what is too long or too great. */
    private int least;
    private int greatest;

    Utf8(Stage next) {
      this.next = next;
    }

    @Override
    public void text(String part) {
      parts.append(part);
    }

    @Override
    public void endToken() {
      for (byte b : ByteLetters.bytes(parts.toString())) add(b & 0xff);
      parts.setLength(0);
      pass();
    }

    @Override
    public void end() {
      if (missing > 0) whole.append(UNREADABLE);
      pass();
      next.endToken();
      next.end();
    }

    private void pass() {
      if (whole.isEmpty()) return;
      next.text(whole.toString());
      whole.setLength(0);
    }

    /** As the standard recommends it, the longest beginning of a character that breaks off is one U+FFFD. */
    private void add(int value) {
      if (missing > 0) {
        if (value >= least && value <= greatest) {
          bits = bits << 6 | value & 0x3f;
          least = 0x80;
          greatest = 0xbf;
          if (--missing == 0) whole.appendCodePoint(bits);
          return;
        }
        missing = 0;
        whole.append(UNREADABLE);
      }
      if (value < 0x80) whole.append((char) value);
      else if (value >= 0xc2 && value <= 0xdf) begin(value & 0x1f, 1, 0x80, 0xbf);
      else if (value == 0xe0) begin(value & 0xf, 2, 0xa0, 0xbf);
      else if (value >= 0xe1 && value <= 0xef) begin(value & 0xf, 2, 0x80, value == 0xed ? 0x9f : 0xbf);
      else if (value == 0xf0) begin(value & 0x7, 3, 0x90, 0xbf);
      else if (value >= 0xf1 && value <= 0xf4) begin(value & 0x7, 3, 0x80, value == 0xf4 ? 0x8f : 0xbf);
      else whole.append(UNREADABLE);
    }

    private void begin(int first, int more, int from, int to) {
      bits = first;
      missing = more;
      least = from;
      greatest = to;
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
        for (int i = 0; i < run.length; i++) pass(String.valueOf(UNREADABLE));
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
