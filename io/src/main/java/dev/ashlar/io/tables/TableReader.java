package dev.ashlar.io.tables;

import dev.ashlar.config.FileException;
import dev.ashlar.tensor.NDArray;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a table. Columns of which nothing is said are taken for numbers at first; where some show that they are dates
 * or categories, the table is read once more.
 */
public final class TableReader {
  private final TableSpec spec;
  private final Optional<TableEncoding> learnt;
  private final Map<String, ColumnType> found = new HashMap<>();
  private final Set<String> markers;

  private TableReader(TableSpec spec, Optional<TableEncoding> learnt) {
    this.spec = spec;
    this.learnt = learnt;
    this.markers = new HashSet<>(spec.missing().markers());
  }

  /**
   * Reads a table whose encoding is to be learnt; until then it is as all of its rows would have it.
   *
   * @throws FileException naming table, line and column
   */
  public static TableDataset read(TableSpec spec, Rows.Opener table) throws IOException {
    return new TableReader(spec, Optional.empty()).read(table);
  }

  /**
   * Reads a table as a model learnt to.
   *
   * @param spec what is to be learnt, and how; the rest of it does not count
   * @param classes of the label, if it is of classes
   */
  public static TableDataset read(TableSpec spec, TableEncoding learnt, List<String> classes, Rows.Opener table)
      throws IOException {
    var known = spec.label().isPresent() && spec.task() != LabelTask.REGRESSION && !classes.isEmpty()
        ? spec.withClasses(classes)
        : spec.label().isPresent() && spec.task() == LabelTask.AUTO ? spec.withTask(LabelTask.REGRESSION) : spec;
    return new TableReader(known.reading(learnt), Optional.of(learnt)).read(table);
  }

  /**
   * Reads a table as a model of mere numbers learnt to.
   *
   * @param spec the features, if they are taken by name; else all columns are
   */
  public static TableDataset readNumbers(TableSpec spec, Rows.Opener table) throws IOException {
    List<String> names;
    try (var rows = table.open()) {
      names = spec.features().isEmpty() ? List.copyOf(rows.names()) : spec.features();
    }
    var numbers = names.stream()
        .<ColumnEncoding>map(name -> new ColumnEncoding.Number(name, Optional.empty())).toList();
    return read(spec, new TableEncoding(numbers, List.of()), List.of(), table);
  }

  private TableDataset read(Rows.Opener table) throws IOException {
    while (true) {
      try (var rows = table.open()) {
        var read = read(rows);
        if (read.isPresent()) return read.get();
      }
    }
  }

  /** Empty if columns are not what they were taken for. */
  private Optional<TableDataset> read(Rows rows) throws IOException {
    var roles = Roles.of(spec, learnt.isPresent(), rows);
    var cells = new ArrayList<Cell>();
    for (int feature : roles.features()) cells.add(cell(feature, rows.names().get(feature)));
    try (var inputs = new RowStore(cells.stream().mapToInt(Cell::width).sum());
        var numbers = new RowStore(roles.targets().size())) {
      var targets = roles.targets().stream().map(Cell.Target::new).toList();
      var labels = new Labels(spec, roles.label(), rows);
      var groups = new Groups(roles.group());
      int count = 0;
      for (; rows.next(); count++) {
        for (var cell : cells) cell.add(rows, inputs);
        for (var target : targets) target.add(rows, numbers);
        if (roles.label() >= 0) labels.add();
        groups.add(rows);
      }
      if (count == 0) throw rows.noRows();
      if (isMisread(cells, rows)) return Optional.empty();
      var arena = Arena.ofAuto();
      var label = roles.label() < 0 ? null : labels.finish();
      boolean isNumber = label != null && label.classes().isEmpty();
      var raw = new RawTable(inputs.finish(count, arena),
          cells.stream().map(cell -> cell.finish(rows.names().get(cell.column))).toList(),
          isNumber ? List.of(rows.names().get(roles.label()))
              : roles.targets().stream().map(rows.names()::get).toList(),
          spec.missing(), groups.finish(), rows.source());
      NDArray target = label != null ? label.target()
          : targets.isEmpty() ? null : numbers.finish(count, arena);
      return Optional.of(TableDataset.of(raw, target, label == null ? List.of() : label.classes(), learnt));
    }
  }

  private boolean isMisread(List<Cell> cells, Rows rows) throws FileException {
    boolean misread = false;
    for (var cell : cells) {
      if (cell instanceof Cell.Guess guess && guess.isText()) {
        found.put(rows.names().get(cell.column), guess.type(rows));
        misread = true;
      }
    }
    return misread;
  }

  private Cell cell(int column, String name) {
    if (learnt.isPresent()) {
      return cell(column, learnt.get().columns().stream()
          .filter(c -> c.column().equals(name)).findFirst().orElseThrow());
    }
    var gaps = new Cell.Gaps(markers, spec.missing().of(name) != Missing.Fill.Learnt.ERROR, false);
    return switch (spec.columns().getOrDefault(name, found.get(name))) {
      case null -> new Cell.Guess(column, gaps);
      case ColumnType.Plain _ -> new Cell.Number(column, gaps);
      case ColumnType.Category type -> new Cell.Category(column, gaps, type);
      case ColumnType.Date type -> new Cell.Date(column, gaps, type);
    };
  }

  private Cell cell(int column, ColumnEncoding encoding) {
    var gaps = new Cell.Gaps(markers, encoding.isFilled(), true);
    return switch (encoding) {
      case ColumnEncoding.Number _ -> new Cell.Number(column, gaps);
      case ColumnEncoding.Date(_, var parts, var format, _) ->
          new Cell.Date(column, gaps, new ColumnType.Date(parts, format));
      case ColumnEncoding.Category(_, var values, var encode, var unknown, _) ->
          new Cell.Category(column, gaps, new ColumnType.Category(encode, values, unknown, 1));
    };
  }
}
