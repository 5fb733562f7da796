package dev.ashlar.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Rows whose columns line up. In a window that is too narrow for that, texts are broken between words; where not even
 * that fits, each row is a paragraph.
 */
final class Table {

  private static final String GAP = "  ";

  private final List<List<String>> rows = new ArrayList<>();
  private final Set<Integer> right = new HashSet<>();

  Table(String... header) {
    row(header);
  }

  /** With these columns, counted from 0, ending where their header ends. */
  Table right(Integer... columns) {
    right.addAll(List.of(columns));
    return this;
  }

  void row(String... cells) {
    rows.add(List.of(cells));
  }

  void print(PrintWriter out) {
    Terminal terminal = Screen.of(out);
    int columns = rows.getFirst().size();
    int[] widths = new int[columns];
    rows.forEach(row -> {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    });
    if (narrowed(widths, terminal)) {
      rows.forEach(row -> print(out, row, widths));
    } else {
      paragraphs(out, terminal);
    }
  }

  /** Takes from the widest columns of text what is too much; whether that is enough. */
  private boolean narrowed(int[] widths, Terminal terminal) {
    long width = (widths.length - 1L) * GAP.length();
    for (int w : widths) {
      width += w;
    }
    int[] words = new int[widths.length];
    for (int i = 0; i < words.length; i++) {
      words[i] = right.contains(i) ? widths[i] : longestWord(i);
    }
    while (!terminal.fits((int) Math.min(width, Integer.MAX_VALUE - 1))) {
      int widest = -1;
      for (int i = 0; i < widths.length; i++) {
        boolean isText = widths[i] > words[i];
        widest = isText && (widest < 0 || widths[i] > widths[widest]) ? i : widest;
      }
      if (widest < 0) {
        return false;
      }
      widths[widest]--;
      width--;
    }
    return true;
  }

  private int longestWord(int column) {
    return rows.stream().map(row -> row.get(column))
        .flatMapToInt(cell -> Arrays.stream(cell.strip().split(" ")).mapToInt(word -> word.length() + indent(cell) + 1))
        .max().orElse(0);
  }

  private static int indent(String cell) {
    return cell.length() - cell.stripLeading().length();
  }

  private void print(PrintWriter out, List<String> row, int[] widths) {
    List<List<String>> cells = new ArrayList<>();
    for (int i = 0; i < widths.length; i++) {
      cells.add(Terminal.wrapped(row.get(i), widths[i], " ".repeat(indent(row.get(i)) + 1)));
    }
    int height = Collections.max(cells.stream().map(List::size).toList());
    for (int y = 0; y < height; y++) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        String cell = y < cells.get(i).size() ? cells.get(i).get(y) : "";
        String space = " ".repeat(Math.max(0, widths[i] - cell.length()));
        line.append(i == 0 ? "" : GAP).append(right.contains(i) ? space + cell : cell + space);
      }
      out.println(line.toString().stripTrailing());
    }
  }

  private void paragraphs(PrintWriter out, Terminal terminal) {
    List<String> header = rows.getFirst();
    for (List<String> row : rows.subList(1, rows.size())) {
      List<String> parts = new ArrayList<>();
      for (int i = 1; i < row.size(); i++) {
        if (!row.get(i).isBlank()) {
          parts.add(header.get(i) + " " + row.get(i));
        }
      }
      String text = row.getFirst() + (parts.isEmpty() ? "" : ": " + String.join(", ", parts));
      terminal.wrapped(text, " ".repeat(indent(text)) + GAP + GAP).forEach(out::println);
    }
  }
}
