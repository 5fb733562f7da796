package dev.ashlar.io.tables;

import dev.ashlar.config.Default;
import java.util.List;

/**
 * What stands for the rows of a table, in numbers: the columns' features, one after the other. Saved with a model, so
 * that what it is asked about is read as what it was trained on.
 *
 * @param columns in the order of the features
 * @param markers texts that mean that a value is missing, beside an empty field
 */
public record TableEncoding(List<ColumnEncoding> columns, @Default("[]") List<String> markers) {

  /** Copies the lists. */
  public TableEncoding {
    columns = List.copyOf(columns);
    markers = List.copyOf(markers);
  }

  /** Names of the features. */
  public List<String> features() {
    return columns.stream().flatMap(column -> column.features().stream()).toList();
  }

  /** Names of the columns. */
  public List<String> names() {
    return columns.stream().map(ColumnEncoding::column).toList();
  }

  /** Whether all columns are numbers that are there, so that it says no more than their names. */
  boolean isPlain() {
    return columns.stream().allMatch(column -> column instanceof ColumnEncoding.Number && !column.isFilled());
  }
}
