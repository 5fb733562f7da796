package dev.ashlar.cli;

import dev.ashlar.training.ClassTable;
import dev.ashlar.training.Measures;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.IntStream;

/** What is behind metrics of classes, for people and for programs. */
final class ClassReport {

  /** Tables of more rows are left to JSON; a matrix also has this many columns. */
  private static final int MOST_ROWS = 50;
  private static final int MOST_COLUMNS = 20;

  private ClassReport() {}

  /** Measures of one number for a class side by side, then each matrix. */
  static void print(PrintWriter out, String part, SequencedMap<String, ClassTable> byClass) {
    for (ClassTable table : ClassTable.joined(byClass.values())) {
      out.println();
      Screen.print(out, part + " by class:", "  ");
      print(out, table, "class", MOST_ROWS);
    }
    byClass.forEach((metric, table) -> {
      if (table.isMatrix()) {
        out.println();
        Screen.print(out, part + " " + metric + " (rows: what it is, columns: what the model says):", "  ");
        print(out, table, "", MOST_COLUMNS);
      }
    });
  }

  private static void print(PrintWriter out, ClassTable shown, String corner, int most) {
    if (shown.classes().size() > most) {
      Screen.print(out, shown.classes().size() + " classes: too many to show here; --json tells all", "  ");
      return;
    }
    List<String> header = new ArrayList<>(List.of(corner));
    header.addAll(shown.columns());
    Table table = new Table(header.toArray(String[]::new))
        .right(IntStream.range(1, header.size()).boxed().toArray(Integer[]::new));
    for (int c = 0; c < shown.classes().size(); c++) {
      List<String> cells = new ArrayList<>(List.of(shown.classes().get(c)));
      for (double value : shown.rows()[c]) {
        cells.add(shown.isMatrix() && value == Math.rint(value)
            ? EpochTable.text("%,.0f", value) : EpochTable.number(value));
      }
      table.row(cells.toArray(String[]::new));
    }
    table.print(out);
  }

  /** By part of the data, metric and class: a number, or numbers by class. */
  static Map<String, Object> json(SequencedMap<String, Measures> measures) {
    Map<String, Object> parts = new LinkedHashMap<>();
    measures.forEach((part, measured) -> {
      Map<String, Object> metrics = new LinkedHashMap<>();
      measured.byClass().forEach((metric, table) -> metrics.put(metric, json(table)));
      parts.put(part, metrics);
    });
    return parts;
  }

  private static Map<String, Object> json(ClassTable table) {
    Map<String, Object> rows = new LinkedHashMap<>();
    for (int c = 0; c < table.classes().size(); c++) {
      double[] values = table.rows()[c];
      Map<String, Object> columns = new LinkedHashMap<>();
      for (int i = 0; i < values.length; i++) {
        columns.put(table.columns().get(i), values[i]);
      }
      rows.put(table.classes().get(c), values.length == 1 ? values[0] : columns);
    }
    return rows;
  }
}
