package dev.ashlar.cli;

import java.io.PrintWriter;

/**
 * A line at the bottom of a terminal that says how far long work has come; written over and over, and gone when the
 * work is done. What is no terminal gets a plain line each minute.
 */
final class Progress implements AutoCloseable {

  /** Nanoseconds between two looks: often enough for the eye, too seldom to cost anything. */
  private static final long PAUSE = 100_000_000;
  private static final long MINUTE = 60_000_000_000L;
  private static final int BAR = 24;
  private static final int SHORTEST = 3;
  /** What a bar leaves free: blanks, brackets, the share in percent, the last column. */
  private static final int AROUND = 11;

  private final PrintWriter out;
  private final Terminal terminal;
  private final long pause;
  private final long begun;
  private long last;
  private int shown;

  Progress(PrintWriter out) {
    this(out, Screen.of(out).isInteractive() ? PAUSE : MINUTE);
  }

  /** With another time between two looks, in nanoseconds. */
  Progress(PrintWriter out, long pause) {
    this.out = out;
    this.terminal = Screen.of(out);
    this.pause = pause;
    this.begun = System.nanoTime();
    this.last = begun;
  }

  /** Whether it is time to write the line again. Allocates nothing. */
  boolean isDue() {
    return System.nanoTime() - last >= pause;
  }

  /**
   * Writes the line.
   *
   * @param done of the work, from 0 to 1
   */
  void show(String what, double done, String more) {
    last = System.nanoTime();
    double left = done <= 0 ? Double.NaN : (last - begun) * 1e-9 * (1 - done) / done;
    String percent = EpochTable.text("%3.0f %%", 100 * done) + (Double.isNaN(left) ? "" : "  " + time(left) + " left")
        + (more.isEmpty() ? "" : "  " + more);
    if (!terminal.isInteractive()) {
      Screen.print(out, what + ": " + percent.strip(), "  ");
      out.flush();
      return;
    }
    String line = what + "  " + bar(done, terminal.columns() - what.length() - AROUND) + percent;
    String fitting = terminal.fits(line.length() + 1) ? line : line.substring(0, terminal.columns() - 1);
    out.print("\r" + fitting + " ".repeat(Math.max(0, shown - fitting.length())));
    out.flush();
    shown = fitting.length();
  }

  /** Writes the line if it is time. */
  void showIfDue(String what, long done, long all) {
    if (isDue()) {
      show(what, (double) done / Math.max(1, all), EpochTable.text("%,d of %,d", done, all));
    }
  }

  /** Takes the line away, so that others can be printed. */
  void clear() {
    if (shown > 0) {
      out.print("\r" + " ".repeat(shown) + "\r");
      out.flush();
      shown = 0;
    }
  }

  @Override
  public void close() {
    clear();
  }

  /** As long as there is room; nothing where there is next to none. */
  private static String bar(double done, int room) {
    int length = Math.clamp(room, 0, BAR);
    int filled = (int) Math.round(length * Math.clamp(done, 0, 1));
    return length < SHORTEST ? "" : "[" + "=".repeat(filled) + " ".repeat(length - filled) + "] ";
  }

  private static String time(double seconds) {
    long whole = Math.round(seconds);
    return whole < 60 ? whole + " s" : whole < 3600 ? whole / 60 + " min " + whole % 60 + " s"
        : whole / 3600 + " h " + whole % 3600 / 60 + " min";
  }
}
