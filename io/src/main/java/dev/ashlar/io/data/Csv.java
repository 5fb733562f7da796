package dev.ashlar.io.data;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A table in a text file. Input: the features, f32[features]. Target: of a label that names classes, an index, i32[];
 * of a label or targets that are numbers, f32[targets]; none without either. A column of numbers is a feature as it
 * stands; one of dates or of text is read as {@link ColumnType} says, and what stands for it is learnt from the
 * training examples. A table beyond a quarter of the heap is kept in a temporary file.
 *
 * @param path UTF-8 text, perhaps gzipped
 * @param label name of the column to learn; without a header, columns are {@code column_1} and so on
 * @param targets names of columns with numbers to learn, instead of a label
 * @param task how a label is read; by default text is classes, whole numbers that count from 0 or 1 without
 *     gaps are classes, numbers with fractions are numbers, and what may be either is refused
 * @param classes in order; by default those found, in the order of numbers or else of the alphabet
 * @param features names of the input columns, in order; by default all that are left
 * @param ignore names of columns that are no features
 * @param columns how some are read, by name; by default numbers, dates and categories are told by what is there
 * @param missing what stands for values that are missing
 * @param header whether the first line holds names; found out by default
 * @param delimiter one character, or {@code tab}; found out by default
 * @param group name of a column that is no feature: rows of one value, such as those of one patient, go together into
 *     one part of a split and into one fold
 */
@Name("csv")
@Doc("a table in a text file")
public record Csv(
    @Doc("the file, relative to the configuration; may be gzipped") Path path,
    @Doc("the column to learn") Optional<String> label,
    @Doc("columns with numbers to learn, instead of a label") @Default("[]") List<String> targets,
    @Doc("how the label is read") @Default("auto") LabelTask task,
    @Doc("names of the classes in order; by default those found") @Default("[]") List<String> classes,
    @Doc("the input columns; by default all that are left") @Default("[]") List<String> features,
    @Doc("columns that are no features") @Default("[]") List<String> ignore,
    @Doc("how columns are read, by name: number, category, date or ignore; others by what they hold")
        @Default("{}") Map<String, ColumnType> columns,
    @Doc("what stands for values that are missing") @Default("{}") Missing missing,
    @Doc("whether the first line holds names; by default found out") Optional<Boolean> header,
    @Doc("the character between fields, or 'tab'; by default found out") Optional<String> delimiter,
    @Doc("a column, no feature, whose equal values mark rows that no split may part") Optional<String> group)
    implements TableSource {

  /** Copies; refuses what contradicts itself. */
  public Csv {
    var spec = new TableSpec(label, targets, task, classes, features, ignore, columns, missing, group);
    targets = spec.targets();
    classes = spec.classes();
    features = spec.features();
    ignore = spec.ignore();
    columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
    if (delimiter.isPresent() && !delimiter.get().equals("tab") && !isDelimiter(delimiter.get())) {
      throw new IllegalArgumentException(
          "as delimiter one character such as ';' that is no quote, letter or digit, or 'tab'");
    }
  }

  /** A file whose columns all are features. */
  public static Csv of(Path path) {
    return new Csv(path, Optional.empty(), List.of(), LabelTask.AUTO, List.of(), List.of(), List.of(),
        Map.of(), Missing.ERROR, Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** The same with a label. */
  public Csv withLabel(String column) {
    return new Csv(
        path, Optional.of(column), List.of(), task, classes, features, ignore, columns, missing, header, delimiter,
        group);
  }

  /** The same with numbers to learn. */
  public Csv withTargets(String... names) {
    return new Csv(
        path, Optional.empty(), List.of(names), task, classes, features, ignore, columns, missing, header, delimiter,
        group);
  }

  /** The same with the label read in a certain way. */
  public Csv withTask(LabelTask other) {
    return new Csv(path, label, targets, other, classes, features, ignore, columns, missing, header, delimiter, group);
  }

  /** The same with known classes, as a file needs that may lack some. */
  public Csv withClasses(List<String> names) {
    return new Csv(path, label, targets, task, names, features, ignore, columns, missing, header, delimiter, group);
  }

  /** The same with certain input columns. */
  public Csv withFeatures(List<String> names) {
    return new Csv(path, label, targets, task, classes, names, List.of(), columns, missing, header,
        delimiter, group);
  }

  /** The same with or without names in the first line. */
  public Csv withHeader(boolean names) {
    return new Csv(path, label, targets, task, classes, features, ignore, columns, missing, Optional.of(names),
        delimiter, group);
  }

  /** The same without some columns. */
  public Csv withIgnored(String... names) {
    return new Csv(path, label, targets, task, classes, List.of(), List.of(names), columns, missing, header,
        delimiter, group);
  }

  /** The same with some columns read in certain ways. */
  public Csv withColumns(Map<String, ColumnType> types) {
    return new Csv(path, label, targets, task, classes, features, ignore, types, missing, header, delimiter, group);
  }

  /** The same with a column that says which rows belong together. */
  public Csv withGroup(String column) {
    return new Csv(path, label, targets, task, classes, features, ignore, columns, missing, header, delimiter,
        Optional.of(column));
  }

  /** The same with something that stands for values that are missing. */
  public Csv withMissing(Missing policy) {
    return new Csv(path, label, targets, task, classes, features, ignore, columns, policy, header, delimiter, group);
  }

  /**
   * Reads the whole file.
   *
   * @throws dev.ashlar.config.FileException naming file, line and column
   */
  @Override
  public TableDataset open() throws IOException {
    return open(CsvWording.ofConfiguration(path));
  }

  /**
   * Reads the whole file.
   *
   * @param wording how messages call the file and its options
   * @throws dev.ashlar.config.FileException naming file, line and column
   */
  public TableDataset open(CsvWording wording) throws IOException {
    return TableReader.read(spec(), rows(wording));
  }

  @Override
  public TableDataset open(TableEncoding encoding, List<String> known) throws IOException {
    return TableReader.read(spec(), encoding, known, rows(CsvWording.ofConfiguration(path)));
  }

  /**
   * Reads columns as a model learnt to.
   *
   * @param wording how messages call the file and its options
   * @throws dev.ashlar.config.FileException naming file, line and column
   */
  public TableDataset open(TableEncoding encoding, CsvWording wording) throws IOException {
    return TableReader.read(spec(), encoding, List.of(), rows(wording));
  }

  /** Reads features, or all there is, as numbers. */
  public TableDataset openNumbers(CsvWording wording) throws IOException {
    return TableReader.readNumbers(spec(), rows(wording));
  }

  private TableSpec spec() {
    return new TableSpec(label, targets, task, classes, features, ignore, columns, missing, group);
  }

  private Rows.Opener rows(CsvWording wording) {
    return () -> CsvLines.open(path, delimiter, header, wording);
  }

  /**
   * The names in the first line; none if it holds data.
   *
   * @param wording how messages call the file and its options
   * @throws dev.ashlar.config.FileException if the file cannot be read
   */
  public Optional<List<String>> names(CsvWording wording) throws IOException {
    try (var lines = CsvLines.open(path, delimiter, header, wording)) {
      return lines.areNamed() ? Optional.of(List.copyOf(lines.names())) : Optional.empty();
    }
  }

  private static boolean isDelimiter(String text) {
    return text.length() == 1 && !Character.isLetterOrDigit(text.charAt(0))
        && "\"\r\n.+-".indexOf(text.charAt(0)) < 0;
  }

  @Override
  public List<Path> files() {
    return List.of(path);
  }
}
