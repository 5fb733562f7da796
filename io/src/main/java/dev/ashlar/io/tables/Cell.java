package dev.ashlar.io.tables;

import dev.ashlar.config.FileException;
import dev.ashlar.config.Nearest;
import dev.ashlar.io.files.FileProblems;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads one column: text to raw numbers. What is missing is NaN. */
abstract sealed class Cell {
  /** Greater numbers of values are not exact in f32. */
  private static final int MOST_VALUES = 1 << 24;
  private static final Pattern GROUPED = Pattern.compile("[+-]?[0-9]{1,3}(,[0-9]{3})+(\\.[0-9]*)?");

  final int column;
  private final Gaps gaps;

  private Cell(int column, Gaps gaps) {
    this.column = column;
    this.gaps = gaps;
  }

  /**
   * What counts as missing.
   *
   * @param markers texts
   * @param allowed whether something stands for it
   * @param learnt whether the table is read as a model learnt to
   */
  record Gaps(Set<String> markers, boolean allowed, boolean learnt) {}

  /** Raw numbers for a field. */
  abstract int width();

  abstract void add(Rows rows, RowStore into) throws IOException;

  /** What was read. */
  abstract RawColumn finish(String name);

  /** Whether the field holds nothing, and that is allowed. */
  boolean isMissing(Rows rows, String text, String expected) throws FileException {
    if (!text.isEmpty() && !gaps.markers.contains(text)) return false;
    if (gaps.allowed) return true;
    var policy = rows.option("missing", "{columns: {" + rows.names().get(column) + ": "
        + (expected.equals("a value") ? "category" : "median") + "}}");
    throw rows.at(column, rows.line(), text.isEmpty() ? "nothing"
        : FileProblems.shown(text) + ", which stands for nothing", expected, gaps.learnt
            ? "fill the field; the model was trained without 'missing', so that nothing stands for it"
            : policy.isEmpty() ? "fill the field, or remove the row"
                : "fill the field, remove the row, or say what stands for it: " + policy);
  }

  /** The mistake that a text stands where numbers are meant. */
  final FileException notANumber(Rows rows, String text) {
    return rows.at(column, rows.line(), "text " + FileProblems.shown(text), "a number", advice(rows, text));
  }

  private static boolean hasDecimalComma(String text) {
    return text.indexOf(',') >= 0 && Float.isFinite(Numbers.parse(text.replace(',', '.')));
  }

  /** A number with what stands beside one in spreadsheets: 10%, $300, 1,000,000. */
  private static boolean isDressed(String text) {
    return Float.isFinite(Numbers.parse(bare(text))) && !Numbers.isNumber(text);
  }

  private static String bare(String text) {
    var plain = text.replaceAll("^(-?)[$\u20ac\u00a3\u00a5] ?| ?[%$\u20ac\u00a3\u00a5]$", "$1");
    return GROUPED.matcher(plain).matches() ? plain.replace(",", "") : plain;
  }

  /** How a number is written that stands in a text as spreadsheets have it; empty if there is none. */
  static String plainly(String text) {
    if (isDressed(text)) {
      return "write " + bare(text)
          + (hasDecimalComma(text) ? ", or " + text.replace(',', '.') + " if the comma is a decimal one" : "");
    }
    return hasDecimalComma(text) ? "write " + text.replace(',', '.') : "";
  }

  String advice(Rows rows, String text) {
    var plainly = plainly(text);
    if (!plainly.isEmpty()) return plainly;
    if (rows.line() == 1 && !rows.areNamed()) {
      return "if the first line holds names, say " + rows.option("header", "true");
    }
    var name = rows.names().get(column);
    var as = rows.option("columns", "{" + name + ": category}");
    return gaps.learnt || as.isEmpty() ? "mend the table"
        : "mend the file, say " + as + " if it is meant, or leave the column out with "
            + rows.option("ignore", "[" + name + "]");
  }

  /** A column of numbers. */
  static sealed class Number extends Cell permits Target {
    Number(int column, Gaps gaps) {
      super(column, gaps);
    }

    @Override
    int width() {
      return 1;
    }

    @Override
    void add(Rows rows, RowStore into) throws IOException {
      var text = rows.text(column);
      into.add(isMissing(rows, text, "a number") ? Float.NaN : parsed(rows, text));
    }

    private float parsed(Rows rows, String text) throws FileException {
      float value = Numbers.parse(text);
      if (Float.isNaN(value)) throw notANumber(rows, text);
      return finite(rows, column, text, value);
    }

    static float finite(Rows rows, int column, String text, float value) throws FileException {
      if (!Float.isInfinite(value)) return value;
      throw rows.at(column, rows.line(), FileProblems.shown(text), "a number of magnitude <= 3.4028235E38", "");
    }

    @Override
    RawColumn finish(String name) {
      return new RawColumn.Number(name);
    }
  }

  /** A column of numbers to learn. */
  static final class Target extends Number {
    Target(int column) {
      super(column, new Gaps(Set.of(), false, true));
    }

    @Override
    String advice(Rows rows, String text) {
      var label = rows.option("label", rows.names().get(column));
      return label.isEmpty() ? super.advice(rows, text) : "mend the file; if the column names classes, say " + label
          + " instead of 'targets'";
    }
  }

  /** A column whose texts are numbered as they come. */
  static final class Category extends Cell {
    private final ColumnType.Category type;
    /** Where others are an error, the values that there may be; empty if any may be. */
    private final Set<String> given;
    private final Map<String, Integer> codes = new HashMap<>();
    private final List<String> texts = new ArrayList<>();
    private final List<Long> lines = new ArrayList<>();

    Category(int column, Gaps gaps, ColumnType.Category type) {
      super(column, gaps);
      this.type = type;
      this.given = type.unknown() == ColumnType.Unknown.ERROR
          ? type.values().stream().map(Numbers::category).collect(Collectors.toUnmodifiableSet()) : Set.of();
    }

    @Override
    int width() {
      return 1;
    }

    @Override
    void add(Rows rows, RowStore into) throws IOException {
      var text = Numbers.category(rows.text(column));
      if (isMissing(rows, text, "a value")) {
        into.add(Float.NaN);
        return;
      }
      var code = codes.get(text);
      if (code == null) {
        if (!given.isEmpty() && !given.contains(text)) throw unknown(rows, text);
        if (texts.size() == MOST_VALUES) {
          throw rows.at(column, rows.line(), "more than " + MOST_VALUES + " different values", "fewer",
              "leave the column out with " + rows.option("ignore", "[" + rows.names().get(column) + "]"));
        }
        code = texts.size();
        codes.put(text, code);
        texts.add(text);
        lines.add(rows.line());
      }
      into.add(code);
    }

    private FileException unknown(Rows rows, String text) {
      return rows.at(column, rows.line(), "the unknown category " + FileProblems.shown(text),
          "one of " + NumberedNames.listed(type.values()), Nearest.advice(text, type.values()));
    }

    @Override
    RawColumn finish(String name) {
      return new RawColumn.Category(name, type, texts, lines);
    }
  }

  /** A column of dates: days since 1970-01-01, and the fraction of a day. */
  static final class Date extends Cell {
    private final ColumnType.Date type;
    private final Dates dates;
    private final boolean learnt;
    private boolean hasTime;

    Date(int column, Gaps gaps, ColumnType.Date type) {
      super(column, gaps);
      this.type = type;
      this.dates = Dates.of(type.format());
      this.learnt = gaps.learnt;
    }

    @Override
    int width() {
      return 2;
    }

    @Override
    void add(Rows rows, RowStore into) throws IOException {
      var text = rows.text(column);
      double days = isMissing(rows, text, "a date") ? Double.NaN : parsed(rows, text);
      hasTime |= days > Math.floor(days);
      into.add(RawColumn.whole(days));
      into.add(RawColumn.fraction(days));
    }

    private double parsed(Rows rows, String text) throws FileException {
      double days = dates.parse(text);
      if (!Double.isNaN(days)) return days;
      var format = type.format();
      throw rows.at(column, rows.line(), FileProblems.shown(text),
          "a date written as " + format.orElse("2026-03-31 or 2026-03-31T12:30:00"),
          learnt || format.isPresent() ? "mend the table" : "mend the file, or say how dates are written: "
              + rows.option("columns", "{" + rows.names().get(column) + ": {date: {format: dd.MM.yyyy}}}"));
    }

    @Override
    RawColumn finish(String name) {
      return new RawColumn.Date(name, type, hasTime);
    }
  }

  /** A column of which nothing is said: taken for numbers until it shows that it is none. */
  static final class Guess extends Cell {
    private static final int FEW = 20;
    private static final int MANY = 10;
    /** So many rows may have a text each by chance. */
    private static final int ONCE = 5;
    /** Distinct texts are counted up to here. */
    private static final int COUNTED = 1 << 16;

    private final Set<String> texts = new HashSet<>();
    private final Dates dates = Dates.of(java.util.Optional.empty());
    private boolean numbers;
    private boolean allDates = true;
    private long filled;

    Guess(int column, Gaps gaps) {
      super(column, gaps);
    }

    @Override
    int width() {
      return 1;
    }

    @Override
    void add(Rows rows, RowStore into) throws IOException {
      var text = rows.text(column);
      float value = Float.NaN;
      if (!isMissing(rows, text, texts.isEmpty() ? "a number" : "a value")) {
        value = Numbers.parse(text);
        filled++;
        if (Float.isNaN(value)) note(rows, text);
        else number(rows, text, value);
      }
      into.add(value);
    }

    private void number(Rows rows, String text, float value) throws FileException {
      Number.finite(rows, column, text, value);
      if (!texts.isEmpty()) {
        throw rows.at(column, rows.line(), "the number " + text + " below text", "numbers or text, not both",
            advice(rows, text));
      }
      numbers = true;
    }

    private void note(Rows rows, String text) throws FileException {
      // What looks like a number but for a comma or sign is one that is written otherwise, never a category.
      if (numbers || hasDecimalComma(text) || isDressed(text)) throw notANumber(rows, text);
      if (texts.size() < COUNTED) texts.add(text);
      allDates &= !Double.isNaN(dates.parse(text));
    }

    boolean isText() {
      return !texts.isEmpty();
    }

    /**
     * What the texts are.
     *
     * @throws FileException if they are too many for a category
     */
    ColumnType type(Rows rows) throws FileException {
      if (allDates) return new ColumnType.Date();
      var name = rows.names().get(column);
      var formats = Dates.formatsOf(texts);
      if (!formats.isEmpty()) {
        throw FileException.at(rows.source() + ": column '" + name + "'",
            "dates written as " + String.join(" or ", formats),
            "dates as ISO 8601 writes them, or a word on how they are written", "say "
                + rows.option("columns", "{" + name + ": {date: {format: " + formats.getFirst() + "}}}"));
      }
      boolean isEachOnce = texts.size() == filled && filled > ONCE;
      if (isEachOnce || texts.size() > FEW && texts.size() > filled / MANY) {
        throw FileException.at(rows.source() + ": column '" + name + "'",
            (texts.size() == COUNTED ? COUNTED + " or more" : texts.size()) + " different texts in " + filled + " rows",
            "numbers, dates, or a category that is seen often", "leave it out with " + rows.option("ignore",
                "[" + name + "]") + ", or say " + rows.option("columns", "{" + name + ": {category: {at_least: 10}}}"));
      }
      return new ColumnType.Category();
    }

    @Override
    RawColumn finish(String name) {
      return new RawColumn.Number(name);
    }
  }
}
