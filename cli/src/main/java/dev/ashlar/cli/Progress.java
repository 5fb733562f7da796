package dev.ashlar.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

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
  /** Brackets and a blank around a bar. */
  private static final int AROUND = 3;
  private static final String GAP = "  ";

  private final PrintWriter out;
  private final Terminal terminal;
  private final long pause;
  private final long begun;
  private long last;
  private int shown;
  /** Of the work, what was done when this began. */
  private double before;

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

  /** Says how much was done when this began, as of work that goes on. */
  void from(double done) {
    before = done;
  }

  /** Whether it is time to write the line again. Allocates nothing. */
  boolean isDue() {
    return System.nanoTime() - last >= pause;
  }

  /** As {@link #show(String, double, List)}, with one thing more; none if empty. */
  void show(String what, double done, String more) {
    show(what, done, more.isEmpty() ? List.of() : List.of(more));
  }

  /**
   * Writes the line, with as much as fits. The bar takes the room that is left.
   *
   * @param done of the work, from 0 to 1
   * @param more what else is told, the most important first
   */
  void show(String what, double done, List<String> more) {
    last = System.nanoTime();
    double left = done <= before ? Double.NaN : (last - begun) * 1e-9 * (1 - done) / (done - before);
    String percent = EpochTable.text("%3.0f %%", 100 * done);
    List<String> parts = new ArrayList<>();
    if (!Double.isNaN(left)) {
      parts.add(time(left) + " left");
    }
    parts.addAll(more);
    if (!terminal.isInteractive()) {
      parts.addFirst(percent.strip());
      Screen.print(out, what + ": " + String.join(GAP, parts), GAP);
      out.flush();
      return;
    }
    StringBuilder told = new StringBuilder(percent);
    int room = terminal.columns() - 1 - what.length() - GAP.length();
    for (String part : parts) {
      if (told.length() + GAP.length() + part.length() > room) {
        break;
      }
      told.append(GAP).append(part);
    }
    String line = what + GAP + bar(done, room - told.length() - AROUND) + told;
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
