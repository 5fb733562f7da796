package dev.ashlar.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.Writer;

/** A writer that knows what it writes to. */
final class Screen extends PrintWriter {

  private final Terminal terminal;

  /** Standard output. */
  Screen(PrintStream out, Terminal terminal) {
    super(out, true);
    this.terminal = terminal;
  }

  Screen(Writer out, Terminal terminal) {
    super(out);
    this.terminal = terminal;
  }

  /** What a writer writes to; {@link Terminal#NONE} unless it knows. */
  static Terminal of(PrintWriter out) {
    return out instanceof Screen screen ? screen.terminal : Terminal.NONE;
  }

  /** Prints a text on lines that fit; those after the first begin with the indent. */
  static void print(PrintWriter out, String text, String indent) {
    of(out).wrapped(text, indent).forEach(out::println);
  }
}
