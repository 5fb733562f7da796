package dev.ashlar.io.tables;

import dev.ashlar.config.FileException;
import dev.ashlar.config.Nearest;
import dev.ashlar.io.files.FileProblems;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.TensorType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The column of labels: collects it, then decides whether it names classes or holds numbers. */
final class Labels {
  /** With more different numbers, some of them fractions, it is clear what they are. */
  private static final int CLEAR = 1 << 16;

  private final TableSpec spec;
  private final int column;
  private final Rows table;
  /** Each text once, in the order of the file, with the line where it first stood. */
  private final Map<String, Integer> indices = new HashMap<>();
  private final Map<String, Long> firstLines = new LinkedHashMap<>();
  private final IntRows rows = new IntRows();
  /** Whether rows hold the bits of numbers, no longer indices of texts. */
  private boolean numbersOnly;

  Labels(TableSpec spec, int column, Rows table) {
    this.spec = spec;
    this.column = column;
    this.table = table;
    this.numbersOnly = spec.task() == LabelTask.REGRESSION;
  }

  void add() throws FileException {
    var text = table.text(column);
    if (text.isEmpty()) {
      throw at(table.line(), "nothing", "a value", "fill the field, or remove the row");
    }
    if (numbersOnly) {
      rows.add(Float.floatToRawIntBits(number(text, table.line())));
      return;
    }
    var index = indices.get(text);
    if (index == null) {
      index = indices.size();
      indices.put(text, index);
      firstLines.put(text, table.line());
    }
    rows.add(index);
    if (indices.size() == CLEAR && areClearlyNumbers()) becomeNumbers();
  }

  private boolean areClearlyNumbers() {
    return spec.task() == LabelTask.AUTO && spec.classes().isEmpty()
        && firstLines.keySet().stream().allMatch(Numbers::isNumber)
        && !firstLines.keySet().stream().allMatch(Labels::isWhole);
  }

  private void becomeNumbers() throws FileException {
    var values = values();
    for (int i = 0; i < rows.size(); i++) rows.set(i, Float.floatToRawIntBits(values[rows.get(i)]));
    numbersOnly = true;
    indices.clear();
    firstLines.clear();
  }

  /**
   * The target and the names of its classes, none if labels are numbers.
   *
   * @param target i32[rows], or f32[rows, 1]
   */
  record Finished(NDArray target, List<String> classes) {}

  Finished finish() throws FileException {
    if (numbersOnly || !areClasses()) {
      if (!numbersOnly) becomeNumbers();
      var target = NDArray.zeros(TensorType.of(DType.F32, rows.size(), 1));
      for (int i = 0; i < rows.size(); i++) target.set(i, Float.intBitsToFloat(rows.get(i)));
      return new Finished(target, List.of());
    }
    var classes = spec.classes().isEmpty() ? sorted(firstLines.keySet()) : spec.classes();
    return new Finished(classes(classes), classes);
  }

  private boolean areClasses() throws FileException {
    if (spec.task() != LabelTask.AUTO) return spec.task() == LabelTask.CLASSIFICATION;
    if (!spec.classes().isEmpty() || !firstLines.keySet().stream().allMatch(Numbers::isNumber)) return true;
    var wholes = firstLines.keySet().stream().filter(Labels::isWhole).map(BigDecimal::new).distinct()
        .sorted().toList();
    if (firstLines.keySet().stream().anyMatch(text -> !isWhole(text))) return false;
    var least = wholes.getFirst();
    boolean countsUp = least.signum() == 0 || least.compareTo(BigDecimal.ONE) == 0;
    boolean gapless = wholes.getLast().subtract(least).compareTo(BigDecimal.valueOf(wholes.size() - 1)) == 0;
    if (countsUp && gapless) return true;
    throw FileException.at(table.source() + ": column '" + table.names().get(column) + "'",
        count(wholes.size()) + " from " + least + " to " + wholes.getLast()
            + ", which may be classes or numbers",
        "a label that is clearly one of the two", "say 'task: classification' or 'task: regression'");
  }

  private float[] values() throws FileException {
    var values = new float[firstLines.size()];
    for (var entry : firstLines.entrySet()) {
      values[index(entry.getKey())] = number(entry.getKey(), entry.getValue());
    }
    return values;
  }

  private float number(String text, long line) throws FileException {
    float value = Numbers.parse(text);
    if (Float.isFinite(value)) return value;
    throw at(line, "text " + FileProblems.shown(text), "a number",
        "mend the file, or say 'task: classification'");
  }

  private NDArray classes(List<String> classes) throws FileException {
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
    return target;
  }

  /**
   * Each once, in the order of numbers if all are numbers, else of the alphabet: never that of the file, which may
   * change.
   */
  static List<String> sorted(Iterable<String> texts) {
    var names = new ArrayList<String>();
    texts.forEach(names::add);
    names.replaceAll(Labels::canonical);
    boolean numbers = names.stream().allMatch(Numbers::isNumber);
    return names.stream().distinct()
        .sorted(numbers ? Comparator.comparing(BigDecimal::new) : Comparator.naturalOrder()).toList();
  }

  /** Whole numbers are one class however they are written: 1, 1.0, +1. */
  static String canonical(String text) {
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
    return table.at(column, line, found, expected, help);
  }

  private static String count(int number) {
    return number == 1 ? "the same whole number everywhere," : number + " different whole numbers";
  }
}
