package dev.ashlar.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/**
 * Curves drawn with characters: lines of dots (braille patterns, where the terminal has them), and single marks.
 *
 * @param title above it
 * @param curves in the order in which they are drawn; the last on top
 * @param rows of characters
 * @param isLogX whether equal distances to the right are equal factors
 * @param from what is at the left end, as text
 * @param to what is at the right end
 */
record Plot(String title, List<Curve> curves, int rows, boolean isLogX, String from, String to) {

  private static final int WIDEST = 100;
  private static final int NARROWEST = 10;
  /** A larger span of values is drawn in powers of ten. */
  private static final double WIDE_SPAN = 20;

  private static final String BRAILLE = "\u2800\u28FF\u2502\u2514\u2500";
  private static final char EMPTY = '\u2800';
  private static final int DOTS_ACROSS = 2;
  private static final int DOTS_DOWN = 4;
  /** Bits of a braille pattern by row and column of the dot. */
  private static final int[][] DOTS = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};

  /**
   * A curve.
   *
   * @param name for the legend
   * @param mark that stands at each point; 0 for a line
   */
  record Curve(String name, char mark, double[] x, double[] y) {}

  /** Draws it, as wide as the window is. */
  void print(PrintWriter out) {
    boolean isBraille = Screen.canPrint(out, BRAILLE);
    Scale vertical = Scale.of(
        curves.stream().flatMapToDouble(curve -> DoubleStream.of(curve.y)).toArray(), true, false);
    Scale across = Scale.of(
        curves.stream().flatMapToDouble(curve -> DoubleStream.of(curve.x)).toArray(), false, isLogX);
    List<String> labels = List.of(EpochTable.number(vertical.highest()), EpochTable.number(vertical.lowest()));
    int margin = labels.stream().mapToInt(String::length).max().orElseThrow();
    int columns = Math.clamp(Screen.of(out).columns() - margin - 3L, NARROWEST, WIDEST);
    char[][] cells = isBraille ? braille(columns, across, vertical) : ascii(columns, across, vertical);
    curves.stream().filter(curve -> curve.mark != 0).forEach(curve -> mark(curve, cells, across, vertical));
    Screen.print(out, title + (vertical.isLog() ? ", in powers of ten" : ""), "  ");
    for (int row = 0; row < rows; row++) {
      String label = row == 0 ? labels.getFirst() : row == rows - 1 ? labels.getLast() : "";
      out.println((" ".repeat(margin - label.length()) + label + (isBraille ? " \u2502" : " |")
          + new String(cells[row]).replace(EMPTY, ' ')).stripTrailing());
    }
    out.println(" ".repeat(margin) + (isBraille ? " \u2514" + "\u2500".repeat(columns) : " +" + "-".repeat(columns)));
    int gap = columns - from.length() - to.length();
    out.println(" ".repeat(margin + 2) + from + (gap > 0 ? " ".repeat(gap) + to : ""));
    if (curves.size() > 1) {
      String legend = curves.stream().map(curve -> (curve.mark != 0 ? String.valueOf(curve.mark)
          : isBraille ? "\u2812\u2812" : "..") + " " + curve.name).collect(Collectors.joining("   "));
      Screen.print(out, " ".repeat(margin + 2) + legend, " ".repeat(margin + 2));
    }
  }

  /** Values onto 0 to 1. */
  private record Scale(double lowest, double highest, boolean isLog) {

    /** The finite of these values; a large span of positive ones in powers of ten. */
    static Scale of(double[] values, boolean mayBeLog, boolean isLog) {
      double low = DoubleStream.of(values).min().orElse(0);
      double high = DoubleStream.of(values).max().orElse(1);
      return new Scale(low, high, isLog || mayBeLog && low > 0 && high / low > WIDE_SPAN);
    }

    double at(double value) {
      double low = isLog ? Math.log(lowest) : lowest;
      double high = isLog ? Math.log(highest) : highest;
      double here = isLog ? Math.log(value) : value;
      return high > low ? Math.clamp((here - low) / (high - low), 0, 1) : 0.5;
    }
  }

  private static int place(double share, int count) {
    return (int) Math.round(share * (count - 1));
  }

  private char[][] empty(int columns, char with) {
    char[][] cells = new char[rows][columns];
    for (char[] row : cells) {
      java.util.Arrays.fill(row, with);
    }
    return cells;
  }

  private char[][] braille(int columns, Scale across, Scale vertical) {
    char[][] cells = empty(columns, EMPTY);
    for (Curve curve : lines()) {
      for (int[] dot : dots(curve, across, vertical, columns * DOTS_ACROSS, rows * DOTS_DOWN)) {
        cells[dot[1] / DOTS_DOWN][dot[0] / DOTS_ACROSS] |= (char) DOTS[dot[1] % DOTS_DOWN][dot[0] % DOTS_ACROSS];
      }
    }
    return cells;
  }

  private char[][] ascii(int columns, Scale across, Scale vertical) {
    char[][] cells = empty(columns, ' ');
    for (Curve curve : lines()) {
      for (int[] dot : dots(curve, across, vertical, columns, rows)) {
        cells[dot[1]][dot[0]] = '.';
      }
    }
    return cells;
  }

  private List<Curve> lines() {
    return curves.stream().filter(curve -> curve.mark == 0).toList();
  }

  private void mark(Curve curve, char[][] cells, Scale across, Scale vertical) {
    for (int i = 0; i < curve.x.length; i++) {
      int row = place(1 - vertical.at(curve.y[i]), rows);
      cells[row][place(across.at(curve.x[i]), cells[row].length)] = curve.mark;
    }
  }

  /** Columns and rows of a line through all points. */
  private static List<int[]> dots(Curve curve, Scale across, Scale vertical, int columns, int rows) {
    List<int[]> dots = new ArrayList<>();
    int lastColumn = -1;
    int lastRow = -1;
    for (int i = 0; i < curve.x.length; i++) {
      int column = place(across.at(curve.x[i]), columns);
      int row = place(1 - vertical.at(curve.y[i]), rows);
      int steps = lastColumn < 0 ? 0 : Math.max(Math.abs(column - lastColumn), Math.abs(row - lastRow));
      for (int step = 1; step <= steps; step++) {
        double share = (double) step / steps;
        dots.add(new int[] {(int) Math.round(lastColumn + share * (column - lastColumn)),
            (int) Math.round(lastRow + share * (row - lastRow))});
      }
      if (steps == 0) {
        dots.add(new int[] {column, row});
      }
      lastColumn = column;
      lastRow = row;
    }
    return dots;
  }
}
