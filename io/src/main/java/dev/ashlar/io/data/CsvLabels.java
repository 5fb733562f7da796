package dev.ashlar.io.data;

import dev.ashlar.config.FileException;
import dev.ashlar.config.Nearest;
import dev.ashlar.io.files.FileProblems;
import dev.ashlar.model.Batch;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.TensorType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The column of labels: collects it, then decides whether it names classes or holds numbers. */
final class CsvLabels {
  private final Csv csv;
  /** Each text once, in the order of the file, with the line where it first stood. */
  private final Map<String, Integer> indices = new HashMap<>();
  private final Map<String, Long> firstLines = new LinkedHashMap<>();
  private final IntRows rows = new IntRows();

  CsvLabels(Csv csv) {
    this.csv = csv;
  }

  void add(String text, long line) {
    var index = indices.get(text);
    if (index == null) {
      index = indices.size();
      indices.put(text, index);
      firstLines.put(text, line);
    }
    rows.add(index);
  }

  /** Adds the target column; gives the names of the classes, none if labels are numbers. */
  List<String> finish(List<ArrayDataset.Column> columns) throws FileException {
    if (!areClasses()) {
      columns.add(numbers());
      return List.of();
    }
    var classes = csv.classes().isEmpty() ? found() : csv.classes();
    columns.add(classes(classes));
    return classes;
  }

  private boolean areClasses() throws FileException {
    if (csv.task() != Csv.Task.AUTO) return csv.task() == Csv.Task.CLASSIFICATION;
    if (!csv.classes().isEmpty() || !firstLines.keySet().stream().allMatch(Numbers::isNumber)) return true;
    var wholes = firstLines.keySet().stream().filter(CsvLabels::isWhole).map(BigDecimal::new).distinct()
        .sorted().toList();
    if (firstLines.keySet().stream().anyMatch(text -> !isWhole(text))) return false;
    var least = wholes.getFirst();
    boolean countsUp = least.signum() == 0 || least.compareTo(BigDecimal.ONE) == 0;
    boolean gapless = wholes.getLast().subtract(least).compareTo(BigDecimal.valueOf(wholes.size() - 1)) == 0;
    if (countsUp && gapless) return true;
    throw FileException.at(csv.path() + ": column '" + csv.label().orElseThrow() + "'",
        count(wholes.size()) + " from " + least + " to " + wholes.getLast()
            + ", which may be classes or numbers",
        "a label that is clearly one of the two", "say 'task: classification' or 'task: regression'");
  }

  private ArrayDataset.Column numbers() throws FileException {
    var values = new float[firstLines.size()];
    for (var entry : firstLines.entrySet()) {
      float value = Numbers.parse(entry.getKey());
      if (!Float.isFinite(value)) {
        throw at(entry.getValue(), "text " + FileProblems.shown(entry.getKey()), "a number",
            "mend the file, or say 'task: classification'");
      }
      values[index(entry.getKey())] = value;
    }
    var target = NDArray.zeros(TensorType.of(DType.F32, rows.size(), 1));
    for (int i = 0; i < rows.size(); i++) target.set(i, values[rows.get(i)]);
    return ArrayDataset.Column.of(Batch.TARGET, target, DType.F32);
  }

  private ArrayDataset.Column classes(List<String> classes) throws FileException {
    var byText = new HashMap<String, Integer>();
    for (var name : classes) byText.put(canonical(name), byText.size());
    var numbered = new int[firstLines.size()];
    for (var entry : firstLines.entrySet()) {
      var number = byText.get(canonical(entry.getKey()));
      if (number == null) {
        throw at(entry.getValue(), "the unknown class " + FileProblems.shown(entry.getKey()),
            "one of " + String.join(", ", classes), Nearest.advice(entry.getKey(), classes));
      }
      numbered[index(entry.getKey())] = number;
    }
    var target = NDArray.zeros(TensorType.of(DType.I32, rows.size()));
    for (int i = 0; i < rows.size(); i++) target.setLong(i, numbered[rows.get(i)]);
    return ArrayDataset.Column.of(Batch.TARGET, target, DType.I32);
  }

  /**
   * In the order of numbers if all are numbers, else of the alphabet: never that of the file, which may
   * change.
   */
  private List<String> found() {
    var names = new ArrayList<>(firstLines.keySet().stream().map(CsvLabels::canonical).distinct().toList());
    boolean numbers = names.stream().allMatch(Numbers::isNumber);
    names.sort(numbers ? Comparator.comparing(BigDecimal::new) : Comparator.naturalOrder());
    return List.copyOf(names);
  }

  /** Whole numbers are one class however they are written: 1, 1.0, +1. */
  private static String canonical(String text) {
    return Numbers.isNumber(text) && isWhole(text) ? new BigDecimal(text).toBigInteger().toString() : text;
  }

  private static boolean isWhole(String text) {
    var value = new BigDecimal(text);
    // A class of more digits is no number anyone counts to; and its digits would fill the memory.
    return value.signum() == 0
        || value.precision() - value.scale() <= 18 && value.stripTrailingZeros().scale() <= 0;
  }

  private int index(String text) {
    return indices.getOrDefault(text, -1);
  }

  private FileException at(long line, String found, String expected, String help) {
    return FileException.at(csv.path() + ":" + line + ": column '" + csv.label().orElseThrow() + "'", found,
        expected, help);
  }

  private static String count(int number) {
    return number == 1 ? "the same whole number everywhere," : number + " different whole numbers";
  }

  /** Numbers of rows, growing. */
  private static final class IntRows {
    private int[] values = new int[1024];
    private int size;

    void add(int value) {
      if (size == values.length) values = Arrays.copyOf(values, size + (size >> 1));
      values[size++] = value;
    }

    int get(int row) {
      return values[row];
    }

    int size() {
      return size;
    }
  }
}
