package dev.ashlar.io.tables;

import dev.ashlar.config.FileException;
import dev.ashlar.config.Nearest;
import dev.ashlar.data.Dataset;
import dev.ashlar.io.files.FileProblems;
import dev.ashlar.model.Batch;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Rows of a table. Input: the features, f32[features], as {@link #encoding} makes them of the columns. Target: of a
 * label that names classes, an index, i32[]; of a label or targets that are numbers, f32[targets]; none without either.
 */
public final class TableDataset implements Dataset {
  private static final int LISTED = 3;

  private final RawTable table;
  private final @Nullable NDArray target;
  private final List<String> classes;
  private final TableEncoding encoding;
  /** Whether the encoding came with the table, and is not learnt from it. */
  private final boolean isGiven;
  private final Encoder encoder;
  private final long @Nullable [] positions;
  private final List<String> features;
  private final SequencedMap<String, TensorType> types;

  private TableDataset(RawTable table, @Nullable NDArray target, List<String> classes, TableEncoding encoding,
      boolean isGiven, long @Nullable [] positions) {
    this.table = table;
    this.target = target;
    this.classes = classes;
    this.encoding = encoding;
    this.isGiven = isGiven;
    this.encoder = new Encoder(table, encoding);
    this.positions = positions;
    this.features = encoding.features();
    var columns = new LinkedHashMap<String, TensorType>();
    columns.put(Batch.INPUT, TensorType.of(DType.F32, features.size()));
    if (target != null) columns.put(Batch.TARGET, target.type().withShape(target.shape().remove(0)));
    this.types = Collections.unmodifiableSequencedMap(columns);
  }

  static TableDataset of(RawTable table, @Nullable NDArray target, List<String> classes,
      Optional<TableEncoding> given) throws FileException {
    var encoding = given.isPresent() ? given.get() : new Learning(table, table.rows(), row -> row).encoding();
    var dataset = new TableDataset(table, target, classes, encoding, given.isPresent(), null);
    if (given.isPresent()) dataset.checkCategories();
    return dataset;
  }

  /** What stands for the columns; empty if they are numbers as they stand. */
  public Optional<TableEncoding> encoding() {
    return encoding.isPlain() ? Optional.empty() : Optional.of(encoding);
  }

  /** What stands for the columns, even if they are numbers as they stand. */
  public TableEncoding inUse() {
    return encoding;
  }

  /**
   * What stands for the columns, learnt from these rows alone; for a table that was read as a model learnt to, that.
   *
   * @throws FileException if there is nothing to learn from in a column
   */
  public TableEncoding learnt() throws FileException {
    return isGiven ? encoding : new Learning(table, (int) size(), this::row).encoding();
  }

  /**
   * These rows, as other rows of the table have taught.
   *
   * @throws FileException if a category is unknown, and that is an error
   */
  public TableDataset encoded(TableEncoding other) throws FileException {
    var dataset = new TableDataset(table, target, classes, other, isGiven, positions);
    dataset.checkCategories();
    return dataset;
  }

  /**
   * Which rows belong together, so that no split may part them: a number for each, the same for those that do.
   *
   * @return none where a source names no group
   */
  public Optional<int[]> groups() {
    if (table.groups().length == 0) return Optional.empty();
    var groups = new int[(int) size()];
    for (int i = 0; i < groups.length; i++) groups[i] = table.groups()[(int) row(i)];
    return Optional.of(groups);
  }

  /** Some of these rows, in the given order. */
  public TableDataset subset(long... chosen) {
    var there = chosen.clone();
    for (int i = 0; i < there.length; i++) there[i] = row(there[i]);
    return new TableDataset(table, target, classes, encoding, isGiven, there);
  }

  @Override
  public long size() {
    return positions == null ? table.rows() : positions.length;
  }

  @Override
  public SequencedMap<String, TensorType> columns() {
    return types;
  }

  @Override
  public long origin(long position) {
    return row(position);
  }

  @Override
  public List<String> classes() {
    return classes;
  }

  @Override
  public List<String> features() {
    return features;
  }

  @Override
  public List<String> targets() {
    return table.targets();
  }

  /** Allocates nothing. */
  @Override
  public void read(long[] at, int count, Map<String, NDArray> batch) {
    int wanted = 0;
    if (batch.containsKey(Batch.INPUT)) {
      wanted++;
      var into = checked(Batch.INPUT, count, batch);
      for (int i = 0; i < count; i++) encoder.write(row(at[i]), into.data(), (long) i * features.size());
    }
    if (target != null && batch.containsKey(Batch.TARGET)) {
      wanted++;
      var into = checked(Batch.TARGET, count, batch);
      long bytes = target.type().bytes() / table.rows();
      for (int i = 0; i < count; i++) {
        MemorySegment.copy(target.data(), row(at[i]) * bytes, into.data(), i * bytes, bytes);
      }
    }
    if (wanted < batch.size()) {
      throw new IllegalArgumentException("columns " + batch.keySet() + " asked for; there are " + types.keySet());
    }
  }

  private NDArray checked(String name, int count, Map<String, NDArray> batch) {
    var into = batch.get(name);
    var given = types.get(name);
    boolean fits = into.dtype() == given.dtype() && into.shape().rank() == given.shape().rank() + 1
        && into.shape().dim(0) >= count && into.size() == into.shape().dim(0) * given.shape().size();
    if (fits) return into;
    throw new ShapeException("column '" + name + "'",
        given.withShape(given.shape().insert(0, count)) + " or more rows", into.type().toString());
  }

  private long row(long position) {
    Objects.checkIndex(position, size());
    return positions == null ? position : positions[(int) position];
  }

  /** Refuses unknown categories, or says once for each column that there are some. */
  private void checkCategories() throws FileException {
    for (int i = 0; i < table.columns().size(); i++) {
      if (!(table.columns().get(i) instanceof RawColumn.Category raw)
          || !(encoding.columns().get(i) instanceof ColumnEncoding.Category category)) continue;
      var unknown = unknown(raw, category, table.offset(i));
      if (unknown.isEmpty()) continue;
      var first = raw.texts().get(unknown.getFirst());
      if (category.unknown() == ColumnType.Unknown.ERROR) {
        throw FileException.at(
            table.source() + ":" + raw.lines().get(unknown.getFirst()) + ": column '" + raw.name() + "'",
            "the unknown category " + FileProblems.shown(first), "one of " + NumberedNames.listed(category.values()),
            Nearest.advice(first, category.values()));
      }
      LoggerFactory.getLogger(TableDataset.class).warn(
          "{}: column '{}': unknown to the training examples, and taken as none of theirs: {}", table.source(),
          raw.name(), listed(raw, unknown));
    }
  }

  private static String listed(RawColumn.Category raw, List<Integer> codes) {
    var shown = codes.stream().limit(LISTED).map(code -> FileProblems.shown(raw.texts().get(code))).toList();
    return String.join(", ", shown)
        + (codes.size() > LISTED ? " and " + (codes.size() - LISTED) + " more" : "");
  }

  private List<Integer> unknown(RawColumn.Category raw, ColumnEncoding.Category category, int offset) {
    var isUnknown = new boolean[raw.texts().size()];
    var known = new HashSet<String>();
    for (var value : category.values()) known.add(Numbers.category(value));
    boolean any = false;
    for (int code = 0; code < isUnknown.length; code++) {
      isUnknown[code] = !known.contains(raw.texts().get(code));
      any |= isUnknown[code];
    }
    var found = new ArrayList<Integer>();
    for (long i = 0; any && i < size(); i++) {
      float code = table.number(row(i), offset);
      if (Float.isNaN(code) || !isUnknown[(int) code]) continue;
      isUnknown[(int) code] = false;
      found.add((int) code);
    }
    return found;
  }
}
