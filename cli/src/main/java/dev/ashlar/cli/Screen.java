package dev.ashlar.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.Charset;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A writer that knows what it writes to. */
final class Screen extends PrintWriter {

  private final Terminal terminal;
  private final @Nullable Watched stream;
  private final @Nullable Charset charset;

  Screen(OutputStream out, Charset charset, Terminal terminal) {
    this(new Watched(out), charset, terminal);
  }

  private Screen(Watched out, Charset charset, Terminal terminal) {
    // A print stream, since it flushes what the others hold back at every line.
    super(new PrintStream(new BufferedOutputStream(out), false, charset), true, charset);
    this.terminal = terminal;
    this.stream = out;
    this.charset = charset;
  }

  Screen(Writer out, Terminal terminal) {
    super(out);
    this.terminal = terminal;
    this.stream = null;
    this.charset = null;
  }

  /** Standard output. */
  static Screen ofProcess() {
    return new Screen(new FileOutputStream(FileDescriptor.out), System.out.charset(), Terminal.ofProcess());
  }

  /** What a writer writes to; {@link Terminal#NONE} unless it knows. */
  static Terminal of(PrintWriter out) {
    return out instanceof Screen screen ? screen.terminal : Terminal.NONE;
  }

  /** Whether what is behind a writer has these characters; true where nobody knows. */
  static boolean canPrint(PrintWriter out, String characters) {
    return !(out instanceof Screen screen) || !screen.terminal.isPlain()
        && (screen.charset == null || screen.charset.newEncoder().canEncode(characters));
  }

  /** Whether a writer failed because whoever read its pipe wanted no more, as {@code head} does. */
  static boolean isReaderGone(PrintWriter out) {
    return out instanceof Screen screen && screen.stream != null && screen.stream.readerGone;
  }

  /** Prints a text on lines that fit; those after the first begin with the indent. */
  static void print(PrintWriter out, String text, String indent) {
    of(out).wrapped(text, indent).forEach(out::println);
  }

  /** Remembers what went wrong: writers swallow it. */
  private static final class Watched extends FilterOutputStream {

    private volatile boolean readerGone;

    Watched(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
      try {
        out.write(bytes, from, count);
      } catch (IOException e) {
        // "Broken pipe", or "The pipe is being closed": Java has no type for it.
        readerGone |= String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("pipe");
        throw e;
      }
    }
  }
}
