package dev.ashlar.io.data;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.data.DataSource;
import dev.ashlar.data.Dataset;
import dev.ashlar.model.Batch;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.TensorType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A table in a text file, read into memory. Input: the features, f32[features]. Target: of a label that names
 * classes, an index, i32[]; of a label or targets that are numbers, f32[targets]; none without either.
 *
 * @param path UTF-8 text, perhaps gzipped
 * @param label name of the column to learn; without a header, columns are {@code column_1} and so on
 * @param targets names of columns with numbers to learn, instead of a label
 * @param task how a label is read; by default text is classes, whole numbers that count from 0 or 1 without
 *     gaps are classes, numbers with fractions are numbers, and what may be either is refused
 * @param classes in order; by default those found, in the order of numbers or else of the alphabet
 * @param features names of the input columns, in order; by default all that are left
 * @param ignore names of columns that are no features
 * @param header whether the first line holds names; found out by default
 * @param delimiter one character, or {@code tab}; found out by default
 */
@Name("csv")
@Doc("a table in a text file")
public record Csv(
    @Doc("the file, relative to the configuration; may be gzipped") Path path,
    @Doc("the column to learn") Optional<String> label,
    @Doc("columns with numbers to learn, instead of a label") @Default("[]") List<String> targets,
    @Doc("how the label is read") @Default("auto") Task task,
    @Doc("names of the classes in order; by default those found") @Default("[]") List<String> classes,
    @Doc("the input columns; by default all that are left") @Default("[]") List<String> features,
    @Doc("columns that are no features") @Default("[]") List<String> ignore,
    @Doc("whether the first line holds names; by default found out") Optional<Boolean> header,
    @Doc("the character between fields, or 'tab'; by default found out") Optional<String> delimiter)
    implements DataSource {

  /** How a label is read. */
  public enum Task {
    /** By what it looks like. */
    AUTO,
    /** Each text a class. */
    CLASSIFICATION,
    /** A number. */
    REGRESSION
  }

  /** Copies the lists; refuses what contradicts itself. */
  public Csv {
    targets = List.copyOf(targets);
    classes = List.copyOf(classes);
    features = List.copyOf(features);
    ignore = List.copyOf(ignore);
    refuse(label.isPresent() && !targets.isEmpty(), "either 'label' or 'targets', not both");
    refuse(!features.isEmpty() && !ignore.isEmpty(), "either 'features' or 'ignore', not both");
    refuse(!classes.isEmpty() && label.isEmpty(), "'classes' only with a 'label'");
    refuse(!classes.isEmpty() && task == Task.REGRESSION, "no 'classes' where the label is a number");
    refuse(classes.stream().distinct().count() < classes.size(), "each of the classes once");
    refuse(delimiter.isPresent() && !delimiter.get().equals("tab") && !isDelimiter(delimiter.get()),
        "as delimiter one character such as ';' that is no quote, letter or digit, or 'tab'");
  }

  /** A file whose columns all are features. */
  public static Csv of(Path path) {
    return new Csv(path, Optional.empty(), List.of(), Task.AUTO, List.of(), List.of(), List.of(),
        Optional.empty(), Optional.empty());
  }

  /** The same with a label. */
  public Csv withLabel(String column) {
    return new Csv(path, Optional.of(column), List.of(), task, classes, features, ignore, header, delimiter);
  }

  /** The same with numbers to learn. */
  public Csv withTargets(String... columns) {
    return new Csv(
        path, Optional.empty(), List.of(columns), task, classes, features, ignore, header, delimiter);
  }

  /** The same with the label read in a certain way. */
  public Csv withTask(Task other) {
    return new Csv(path, label, targets, other, classes, features, ignore, header, delimiter);
  }

  /** The same with known classes, as a file needs that may lack some. */
  public Csv withClasses(List<String> names) {
    return new Csv(path, label, targets, task, names, features, ignore, header, delimiter);
  }

  /** The same with certain input columns. */
  public Csv withFeatures(List<String> columns) {
    return new Csv(path, label, targets, task, classes, columns, List.of(), header, delimiter);
  }

  /** The same with or without names in the first line. */
  public Csv withHeader(boolean names) {
    return new Csv(path, label, targets, task, classes, features, ignore, Optional.of(names), delimiter);
  }

  /** The same without some columns. */
  public Csv withIgnored(String... columns) {
    return new Csv(path, label, targets, task, classes, List.of(), List.of(columns), header, delimiter);
  }

  /**
   * Reads the whole file.
   *
   * @throws dev.ashlar.config.FileException naming file, line and column
   */
  @Override
  public Dataset open() throws IOException {
    return open(CsvWording.ofConfiguration(path));
  }

  /**
   * Reads the whole file.
   *
   * @param wording how messages call the file and its options
   * @throws dev.ashlar.config.FileException naming file, line and column
   */
  public Dataset open(CsvWording wording) throws IOException {
    try (var lines = CsvLines.open(path, delimiter, header, wording)) {
      var roles = CsvRoles.of(this, lines);
      var inputs = new FloatRows(roles.features().size());
      var numbers = new FloatRows(roles.targets().size());
      var labels = new CsvLabels(this);
      int rows = 0;
      for (; lines.next(); rows++) {
        for (int i = 0; i < roles.features().size(); i++) inputs.add(lines.number(roles.features().get(i)));
        for (int i = 0; i < roles.targets().size(); i++) numbers.add(lines.number(roles.targets().get(i)));
        if (roles.label() >= 0) labels.add(lines.field(roles.label()), lines.line());
      }
      if (rows == 0) throw lines.noRows();
      var columns = new ArrayList<ArrayDataset.Column>();
      columns.add(f32(Batch.INPUT, inputs, rows));
      if (!roles.targets().isEmpty()) columns.add(f32(Batch.TARGET, numbers, rows));
      var classNames = roles.label() < 0 ? List.<String>of() : labels.finish(columns);
      return new ArrayDataset(columns, classNames, lines.names(roles.features()));
    }
  }

  /**
   * The names in the first line; none if it holds data.
   *
   * @param wording how messages call the file and its options
   * @throws dev.ashlar.config.FileException if the file cannot be read
   */
  public Optional<List<String>> names(CsvWording wording) throws IOException {
    try (var lines = CsvLines.open(path, delimiter, header, wording)) {
      return lines.hasHeader() ? Optional.of(List.copyOf(lines.names())) : Optional.empty();
    }
  }

  private static ArrayDataset.Column f32(String name, FloatRows values, int rows) {
    var array = NDArray.zeros(TensorType.of(DType.F32, rows, values.width()));
    values.copyTo(array);
    return ArrayDataset.Column.of(name, array, DType.F32);
  }

  private static boolean isDelimiter(String text) {
    return text.length() == 1 && !Character.isLetterOrDigit(text.charAt(0))
        && "\"\r\n.+-".indexOf(text.charAt(0)) < 0;
  }

  private static void refuse(boolean wrong, String expected) {
    if (wrong) throw new IllegalArgumentException(expected);
  }
}
