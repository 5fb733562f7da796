package dev.ashlar.io.data;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.io.tables.ColumnEncoding;
import dev.ashlar.io.tables.ColumnType;
import dev.ashlar.io.tables.LabelTask;
import dev.ashlar.io.tables.Missing;
import dev.ashlar.io.tables.Rows;
import dev.ashlar.io.tables.TableDataset;
import dev.ashlar.io.tables.TableEncoding;
import dev.ashlar.io.tables.TableReader;
import dev.ashlar.io.tables.TableSource;
import dev.ashlar.io.tables.TableSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * JSON Lines: an object in each line, whose names are the columns of a table. A list of numbers in it is as many
 * columns: {@code x_0}, {@code x_1} and so on; a line may also be a list of numbers and no more. Null, and a name that
 * others have, is a missing value. Input, target and options are as in {@link Csv}.
 *
 * @param path UTF-8 text, perhaps gzipped
 */
@Name("jsonl")
@Doc("JSON Lines: an object in each line")
public record JsonLines(
    @Doc("the file, relative to the configuration; may be gzipped") Path path,
    @Doc("the name of what is to be learnt") Optional<String> label,
    @Doc("names of numbers to learn, instead of a label") @Default("[]") List<String> targets,
    @Doc("how the label is read") @Default("auto") LabelTask task,
    @Doc("names of the classes in order; by default those found") @Default("[]") List<String> classes,
    @Doc("the inputs; by default all that are left") @Default("[]") List<String> features,
    @Doc("names that are no features") @Default("[]") List<String> ignore,
    @Doc("how values are read, by name: number, category, date or ignore; others by what they hold")
        @Default("{}") Map<String, ColumnType> columns,
    @Doc("what stands for values that are missing") @Default("{}") Missing missing,
    @Doc("a name, no feature, whose equal values mark lines that no split may part") Optional<String> group)
    implements TableSource {

  /** Copies; refuses what contradicts itself. */
  public JsonLines {
    var spec = new TableSpec(label, targets, task, classes, features, ignore, columns, missing, group);
    targets = spec.targets();
    classes = spec.classes();
    features = spec.features();
    ignore = spec.ignore();
    columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
  }

  /** A file whose values all are features. */
  public static JsonLines of(Path path) {
    return new JsonLines(path, Optional.empty(), List.of(), LabelTask.AUTO, List.of(), List.of(), List.of(), Map.of(),
        Missing.ERROR, Optional.empty());
  }

  /** The same with a label. */
  public JsonLines withLabel(String name) {
    return new JsonLines(path, Optional.of(name), List.of(), task, classes, features, ignore, columns, missing, group);
  }

  /** The same with certain inputs. */
  public JsonLines withFeatures(List<String> names) {
    return new JsonLines(path, label, targets, task, classes, names, List.of(), columns, missing, group);
  }

  /** The same with a column that says which rows belong together. */
  public JsonLines withGroup(String column) {
    return new JsonLines(path, label, targets, task, classes, features, ignore, columns, missing,
        Optional.of(column));
  }

  /** The same with something that stands for values that are missing. */
  public JsonLines withMissing(Missing policy) {
    return new JsonLines(path, label, targets, task, classes, features, ignore, columns, policy, group);
  }

  /**
   * Reads the whole file.
   *
   * @throws dev.ashlar.config.FileException naming file, line and name
   */
  @Override
  public TableDataset open() throws IOException {
    return open(CsvWording.ofConfiguration(path));
  }

  /** The same, with messages that call the file and its options as they are given. */
  public TableDataset open(CsvWording wording) throws IOException {
    return TableReader.read(spec(), rows(wording));
  }

  @Override
  public TableDataset open(TableEncoding encoding, List<String> known) throws IOException {
    return TableReader.read(spec(), encoding, known, rows(CsvWording.ofConfiguration(path), encoding));
  }

  /** Reads values as a model learnt to. */
  public TableDataset open(TableEncoding encoding, CsvWording wording) throws IOException {
    return TableReader.read(spec(), encoding, List.of(), rows(wording, encoding));
  }

  /** Whether lines have names, and are no mere lists. */
  public boolean areNamed(CsvWording wording) throws IOException {
    try (var rows = new JsonRows(path, wording, List.of())) {
      return !rows.next() || rows.areNamed();
    }
  }

  /** Reads features, or all there is, as numbers. */
  public TableDataset openNumbers(CsvWording wording) throws IOException {
    return TableReader.readNumbers(spec(), rows(wording));
  }

  private TableSpec spec() {
    return new TableSpec(label, targets, task, classes, features, ignore, columns, missing, group);
  }

  private Rows.Opener rows(CsvWording wording) {
    return rows(wording, new TableEncoding(List.of(), List.of()));
  }

  /** Names that no line has are missing everywhere, where the model learnt what stands for them. */
  private Rows.Opener rows(CsvWording wording, TableEncoding encoding) {
    // All lines are read for the names first: those of the first line need not be all.
    return () -> {
      var names = new LinkedHashSet<>(JsonRows.names(path, wording));
      encoding.columns().stream().filter(ColumnEncoding::isFilled).forEach(column -> names.add(column.column()));
      return new JsonRows(path, wording, List.copyOf(names));
    };
  }

  @Override
  public List<Path> files() {
    return List.of(path);
  }
}
