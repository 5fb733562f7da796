package dev.ashlar.io.tables;

import dev.ashlar.config.Nearest;
import dev.ashlar.config.Place;
import dev.ashlar.config.Problem;
import dev.ashlar.config.RecordColumns;
import dev.ashlar.io.files.FileProblems;
import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.TemporalAccessor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Makes features of single rows as a table's are made, from the values that a program has. Thread-safe. */
public final class RowEncoder {

  private final List<ColumnEncoding> columns;
  private final Set<String> markers;
  private final Map<String, Integer> byName = new HashMap<>();
  private final List<Map<String, Integer>> categories;
  private final @Nullable Dates[] dates;
  private final int[] offsets;
  private final int width;
  private final boolean[] warned;
  private final ClassValue<Bound> records = new ClassValue<>() {
    @Override
    protected Bound computeValue(Class<?> type) {
      return bound(RecordColumns.of(type.asSubclass(Record.class)));
    }
  };

  /**
   * A kind of record.
   *
   * @param columns what it has
   * @param places of these in the model; -1 of those that it does not know
   */
  private record Bound(RecordColumns columns, int[] places) {}

  private RowEncoder(TableEncoding encoding) {
    columns = encoding.columns();
    markers = new HashSet<>(encoding.markers());
    categories = columns.stream()
        .map(c -> c instanceof ColumnEncoding.Category category ? Encoder.numbers(category) : Map.<String, Integer>of())
        .toList();
    dates = columns.stream()
        .map(c -> c instanceof ColumnEncoding.Date date ? Dates.of(date.format()) : null).toArray(Dates[]::new);
    offsets = new int[columns.size()];
    warned = new boolean[columns.size()];
    int offset = 0;
    for (int i = 0; i < offsets.length; i++) {
      byName.put(columns.get(i).column(), i);
      offsets[i] = offset;
      offset += columns.get(i).features().size();
    }
    width = offset;
  }

  /** For columns as they were encoded in training. */
  public static RowEncoder of(TableEncoding encoding) {
    return new RowEncoder(encoding);
  }

  /** For columns of numbers that must be there. */
  public static RowEncoder ofNumbers(List<String> names) {
    return new RowEncoder(new TableEncoding(names.stream()
        .<ColumnEncoding>map(name -> new ColumnEncoding.Number(name, Optional.empty())).toList(), Missing.MARKERS));
  }

  /** Number of features. */
  public int width() {
    return width;
  }

  /**
   * The features of a row.
   *
   * @param row values by column
   * @param place what messages call it
   * @throws RowException if it has another column, or lacks one, or a value is not what the column holds
   */
  public float[] encode(Map<?, ?> row, String place) {
    float[] features = new float[width];
    int known = 0;
    for (int i = 0; i < columns.size(); i++) {
      Object value = row.get(columns.get(i).column());
      if (value != null || row.containsKey(columns.get(i).column())) known++;
      else if (known + columns.size() - i - 1 < row.size() || !columns.get(i).isFilled()) checkNames(row.keySet(), place);
      write(i, value, features, place);
    }
    if (known < row.size()) checkNames(row.keySet(), place);
    return features;
  }

  /** The same of a record: see {@link RecordColumns}. */
  public float[] encode(Record row, String place) {
    var bound = records.get(row.getClass());
    var values = new Object[columns.size()];
    var given = bound.columns.values(row);
    for (int i = 0; i < bound.places.length; i++) {
      if (bound.places[i] < 0) throw unknown(bound.columns.names().get(i), place + " of " + row.getClass().getName());
      values[bound.places[i]] = given[i];
    }
    float[] features = new float[width];
    for (int i = 0; i < values.length; i++) write(i, values[i], features, place);
    return features;
  }

  private Bound bound(RecordColumns record) {
    var exact = record.names();
    var snake = record.namesWithUnderscores();
    return new Bound(record, IntStream.range(0, exact.size())
        .map(i -> byName.getOrDefault(exact.get(i), byName.getOrDefault(snake.get(i), -1))).toArray());
  }

  private void checkNames(Set<?> names, String place) {
    for (var name : names) {
      if (!byName.containsKey(String.valueOf(name))) throw unknown(String.valueOf(name), place);
    }
  }

  private RowException unknown(String name, String place) {
    var names = columns.stream().map(ColumnEncoding::column).toList();
    var near = Nearest.advice(name, names);
    return new RowException(new Problem(new Place(place, null),
        "the column " + FileProblems.shown(name) + ", which the model does not know",
        "the columns " + NumberedNames.listed(names), near.isEmpty() ? "leave it out" : near));
  }

  private RowException at(int column, String place, String found, String expected, String help) {
    return new RowException(new Problem(
        new Place(place + ": column '" + columns.get(column).column() + "'", null), found, expected, help));
  }

  // ---------------------------------------------------------------- values

  private void write(int column, @Nullable Object given, float[] features, String place) {
    Object value = given instanceof Optional<?> optional ? optional.orElse(null) : given;
    if (value instanceof CharSequence text) value = text.toString().strip();
    var encoding = columns.get(column);
    boolean missing = value == null || value instanceof String text && (text.isEmpty() || markers.contains(text))
        || value instanceof Number number && Double.isNaN(number.doubleValue());
    if (missing && !encoding.isFilled()) {
      throw at(column, place, value == null || value.equals("") ? "nothing" : shown(value) + ", which stands for nothing",
          expected(encoding), "give a value; the model was trained without 'missing', so that nothing stands for it");
    }
    int at = offsets[column];
    switch (encoding) {
      case ColumnEncoding.Number(_, var fill) ->
          features[at] = missing ? fill.orElseThrow().floatValue() : number(column, value, place);
      case ColumnEncoding.Category category -> Encoder.category(
          missing ? category.values().indexOf(category.missing().orElseThrow()) : number(column, category, value, place),
          category, MemorySegment.ofArray(features), at);
      case ColumnEncoding.Date(_, var parts, _, var fill) -> Encoder.date(
          missing ? fill.orElseThrow() : days(column, value, place), parts, MemorySegment.ofArray(features), at);
    }
  }

  private static String expected(ColumnEncoding encoding) {
    return switch (encoding) {
      case ColumnEncoding.Number _ -> "a number";
      case ColumnEncoding.Category category -> "one of " + NumberedNames.listed(category.values());
      case ColumnEncoding.Date date -> "a date written as " + date.format().orElse("2026-03-31 or 2026-03-31T12:30:00")
          + ", or one of java.time";
    };
  }

  private static String shown(Object value) {
    return value instanceof String text ? "text " + FileProblems.shown(text)
        : value instanceof Number || value instanceof Boolean ? String.valueOf(value)
            : FileProblems.shown(String.valueOf(value)) + " of " + value.getClass().getName();
  }

  private float number(int column, Object value, String place) {
    float number = value instanceof Number n ? n.floatValue()
        : value instanceof String text ? Numbers.parse(text) : Float.NaN;
    if (Float.isNaN(number)) {
      var plainly = value instanceof String text ? Cell.plainly(text) : "";
      throw at(column, place, shown(value), "a number", plainly.isEmpty() ? "give a number, or text that is one" : plainly);
    }
    if (Float.isInfinite(number)) throw at(column, place, shown(value), "a number of magnitude <= 3.4028235E38",
        "give a finite number");
    return number;
  }

  private int number(int column, ColumnEncoding.Category category, Object value, String place) {
    var text = Numbers.category(switch (value) {
      case Double number when Double.isFinite(number) -> new BigDecimal(number.toString()).toPlainString();
      case Float number when Float.isFinite(number) -> new BigDecimal(number.toString()).toPlainString();
      case Enum<?> constant -> constant.name();
      default -> value.toString();
    });
    var number = categories.get(column).get(text);
    if (number != null) return number;
    if (category.unknown() == ColumnType.Unknown.ERROR) {
      throw at(column, place, "the unknown category " + FileProblems.shown(text), expected(category),
          Nearest.advice(text, category.values()));
    }
    if (!warned[column]) {
      warned[column] = true;
      LoggerFactory.getLogger(RowEncoder.class).warn("column '{}': unknown to the training examples, and taken as none"
          + " of theirs: {} (said once)", category.column(), FileProblems.shown(text));
    }
    return category.values().size();
  }

  private double days(int column, Object value, String place) {
    double days = switch (value) {
      case Instant instant -> Dates.days(instant.atOffset(ZoneOffset.UTC));
      case ZonedDateTime zoned -> Dates.days(zoned.toOffsetDateTime());
      case TemporalAccessor day when day.isSupported(java.time.temporal.ChronoField.EPOCH_DAY) -> Dates.days(day);
      case String text -> dates[column].parse(text);
      default -> Double.NaN;
    };
    if (Double.isNaN(days)) throw at(column, place, shown(value), expected(columns.get(column)),
        "give a LocalDate or LocalDateTime, or text in that form");
    return RawColumn.whole(days) + RawColumn.fraction(days);
  }
}
