package dev.ashlar.cli;

import java.io.Console;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What output goes to.
 *
 * @param columns that fit on a line; {@link #UNLIMITED} where nobody looks at lines
 * @param isInteractive whether a line may be written over: a person sees it, not a file or a pipe
 * @param isPlain whether it is known to show ASCII alone
 */
record Terminal(int columns, boolean isInteractive, boolean isPlain) {

  /** For files and pipes: lines are as long as they are. */
  static final int UNLIMITED = Integer.MAX_VALUE;

  private static final int USUAL = 80;
  private static final int NARROWEST = 20;

  /** That shows whatever characters its charset has. */
  Terminal(int columns, boolean isInteractive) {
    this(columns, isInteractive, false);
  }

  /** A file or a pipe. */
  static final Terminal NONE = new Terminal(UNLIMITED, false);

  /**
   * Where standard output goes. A terminal that cannot go back in a line ({@code TERM=dumb}), and one of a build that
   * nobody watches ({@code CI}), is written to as a file is; the console of Linux has no braille. The width is that of
   * {@code COLUMNS}, which the {@code ashlar} script sets to the window's if the shell has not; on a terminal else that
   * of the property {@code ashlar.columns}, which {@code ashlar.cmd} sets; without either, 80 on a terminal, and no
   * limit elsewhere.
   */
  static Terminal ofProcess() {
    Console console = System.console();
    boolean interactive = console != null && console.isTerminal();
    String columns = System.getenv("COLUMNS");
    return of(interactive, columns == null && interactive ? System.getProperty("ashlar.columns") : columns)
        .as(System.getenv("TERM"), System.getenv("CI"));
  }

  /** This, of a kind and in a build as environment variables say. */
  Terminal as(@Nullable String kind, @Nullable String build) {
    boolean isDumb = "dumb".equals(kind);
    boolean isBuild = build != null && !build.isEmpty() && !build.equals("false");
    return new Terminal(columns, isInteractive && !isDumb && !isBuild, isDumb || "linux".equals(kind));
  }

  static Terminal of(boolean interactive, @Nullable String columns) {
    if (columns != null && columns.matches("[1-9][0-9]{0,5}")) {
      return new Terminal(Math.max(NARROWEST, Integer.parseInt(columns)), interactive);
    }
    return interactive ? new Terminal(USUAL, true) : NONE;
  }

  /** Whether a line of so many characters fits. */
  boolean fits(int width) {
    return width <= columns;
  }

  /**
   * A text on lines that fit, broken at blanks where there are some.
   *
   * @param indent what the lines after the first begin with
   */
  List<String> wrapped(String text, String indent) {
    return wrapped(text, columns, indent);
  }

  static List<String> wrapped(String text, int width, String indent) {
    List<String> lines = new ArrayList<>();
    String rest = text;
    String begin = "";
    while (begin.length() + rest.length() > width && rest.length() > 1) {
      int room = Math.max(1, width - begin.length());
      int blank = rest.lastIndexOf(' ', room);
      boolean atBlank = blank > 0 && !rest.substring(0, blank).isBlank();
      int end = atBlank ? blank : room;
      lines.add((begin + rest.substring(0, end)).stripTrailing());
      rest = rest.substring(atBlank ? end + 1 : end).stripLeading();
      begin = indent;
    }
    if (!rest.isEmpty() || lines.isEmpty()) {
      lines.add(begin + rest);
    }
    return lines;
  }
}
