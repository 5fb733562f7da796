package dev.ashlar.training;

import dev.ashlar.api.Stable;
import dev.ashlar.model.Metric;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.IntStream;

/**
 * What is behind a metric, class by class.
 *
 * @param classes what the rows are
 * @param columns what the numbers of a row are: a measure, or again the classes, as in a confusion matrix
 * @param rows numbers, a row for each class
 */
@Stable
public record ClassTable(List<String> classes, List<String> columns, double[][] rows) {

  /** Copies the lists. */
  public ClassTable {
    classes = List.copyOf(classes);
    columns = List.copyOf(columns);
  }

  /** Whether rows are targets and columns what the model took them for. */
  public boolean isMatrix() {
    return columns.equals(classes);
  }

  /** What a metric gives, with the names of the data's classes if it counts as many, otherwise with their numbers. */
  static ClassTable of(Metric.ByClass byClass, List<String> names) {
    int count = byClass.rows().length;
    List<String> classes = names.size() == count ? names : IntStream.range(0, count).mapToObj(String::valueOf).toList();
    return new ClassTable(classes, byClass.columns().isEmpty() ? classes : byClass.columns(), byClass.rows());
  }

  /** Columns of tables with the same rows side by side; tables that are matrices are left out. */
  public static List<ClassTable> joined(Iterable<ClassTable> tables) {
    SequencedMap<List<String>, List<ClassTable>> byRows = new LinkedHashMap<>();
    for (ClassTable table : tables) {
      if (!table.isMatrix()) {
        byRows.computeIfAbsent(table.classes, rows -> new ArrayList<>()).add(table);
      }
    }
    return byRows.values().stream().map(ClassTable::sideBySide).toList();
  }

  private static ClassTable sideBySide(List<ClassTable> tables) {
    List<String> classes = tables.getFirst().classes;
    double[][] rows = IntStream.range(0, classes.size())
        .mapToObj(c -> tables.stream().flatMapToDouble(t -> java.util.Arrays.stream(t.rows[c])).toArray())
        .toArray(double[][]::new);
    return new ClassTable(classes, tables.stream().flatMap(t -> t.columns.stream()).toList(), rows);
  }
}
