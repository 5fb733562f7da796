package dev.ashlar.io.tables;

import dev.ashlar.config.FileException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.LongToDoubleFunction;

/** Learns what stands for the columns of a table from some of its rows. */
final class Learning {
  private static final String MISSING = "missing";

  private final RawTable table;
  private final int size;
  private final Positions positions;

  /** Which rows are learnt from. */
  @FunctionalInterface
  interface Positions {
    long at(long index);
  }

  Learning(RawTable table, int size, Positions positions) {
    this.table = table;
    this.size = size;
    this.positions = positions;
  }

  TableEncoding encoding() throws FileException {
    var columns = new ArrayList<ColumnEncoding>();
    for (int i = 0; i < table.columns().size(); i++) {
      int offset = table.offset(i);
      columns.add(switch (table.columns().get(i)) {
        case RawColumn.Number(var name) -> new ColumnEncoding.Number(
            name, fill(name, row -> table.number(row, offset), text -> Numbers.parse(text)));
        case RawColumn.Date date -> date(date, offset);
        case RawColumn.Category category -> category(category, offset);
      });
    }
    return new TableEncoding(columns, table.missing().markers());
  }

  // ---------------------------------------------------------------- numbers and dates

  private ColumnEncoding date(RawColumn.Date column, int offset) throws FileException {
    LongToDoubleFunction days = row -> (double) table.number(row, offset) + table.number(row, offset + 1);
    var parts = !column.type().parts().isEmpty() ? column.type().parts()
        : hasTime(column, offset) ? List.of(DatePart.YEARS, DatePart.SEASON, DatePart.WEEKDAY, DatePart.HOUR)
            : List.of(DatePart.YEARS, DatePart.SEASON, DatePart.WEEKDAY);
    var dates = Dates.of(column.type().format());
    return new ColumnEncoding.Date(
        column.name(), parts, column.type().format(), fill(column.name(), days, dates::parse));
  }

  private boolean hasTime(RawColumn.Date column, int offset) {
    for (int i = 0; i < size && column.hasTime(); i++) {
      if (table.number(positions.at(i), offset + 1) > 0) return true;
    }
    return false;
  }

  /** What a text in the column would be, as a number. */
  private interface Parser {
    double parse(String text);
  }

  private Optional<Double> fill(String name, LongToDoubleFunction value, Parser parser) throws FileException {
    var policy = table.missing().of(name);
    return switch (policy) {
      case Missing.Fill.Learnt.ERROR -> Optional.empty();
      // A category of its own is for categories; said of all columns, numbers must be there.
      case Missing.Fill.Learnt.CATEGORY -> {
        if (table.missing().columns().containsKey(name) || anyMissing(value)) {
          throw at(name, "'missing: category' for a column of numbers or dates",
              "one of mean, median, most_frequent, or a value: {constant: 0}", "");
        }
        yield Optional.empty();
      }
      case Missing.Fill.Constant constant -> Optional.of(constant(name, constant, parser));
      case Missing.Fill.Learnt learnt -> Optional.of(learnt(name, learnt, value));
    };
  }

  private double constant(String name, Missing.Fill.Constant constant, Parser parser) throws FileException {
    double value = parser.parse(constant.text());
    if (Double.isFinite(value)) return value;
    throw at(name, "'" + constant.text() + "' for values that are missing", "a value as the column has them", "");
  }

  private boolean anyMissing(LongToDoubleFunction value) {
    for (int i = 0; i < size; i++) if (Double.isNaN(value.applyAsDouble(positions.at(i)))) return true;
    return false;
  }

  private double learnt(String name, Missing.Fill.Learnt policy, LongToDoubleFunction value) throws FileException {
    var numbers = new Ranks(size, i -> value.applyAsDouble(positions.at(i)));
    if (numbers.filled() == 0) throw nothing(name);
    return switch (policy) {
      case MEAN -> numbers.mean();
      case MEDIAN -> numbers.median();
      default -> numbers.mostFrequent();
    };
  }

  // ---------------------------------------------------------------- categories

  private ColumnEncoding category(RawColumn.Category column, int offset) throws FileException {
    var type = column.type();
    var counts = new int[column.texts().size()];
    for (int i = 0; i < size; i++) {
      float code = table.number(positions.at(i), offset);
      if (!Float.isNaN(code)) counts[(int) code]++;
    }
    var values = new ArrayList<String>();
    if (type.values().isEmpty()) {
      var seen = new ArrayList<String>();
      for (int code = 0; code < counts.length; code++) {
        if (counts[code] >= type.atLeast()) seen.add(column.texts().get(code));
      }
      values.addAll(seen.stream().sorted(order(seen)).toList());
    } else {
      type.values().stream().map(Numbers::category).forEach(values::add);
    }
    var policy = table.missing().of(column.name());
    var missing = switch (policy) {
      case Missing.Fill.Learnt.ERROR -> Optional.<String>empty();
      case Missing.Fill.Learnt.CATEGORY -> Optional.of(MISSING);
      case Missing.Fill.Constant constant -> Optional.of(Numbers.category(constant.text()));
      case Missing.Fill.Learnt learnt -> Optional.of(mostFrequent(column, counts, values, learnt));
    };
    if (missing.isPresent() && !values.contains(missing.get())) values.add(missing.get());
    if (values.isEmpty()) throw nothing(column.name());
    return new ColumnEncoding.Category(column.name(), values, type.encode(), type.unknown(), missing);
  }

  /** By number if all are numbers, else by the alphabet; never as the file has them, since its order may change. */
  private static Comparator<String> order(List<String> texts) {
    return texts.stream().allMatch(Numbers::isNumber)
        ? Comparator.<String, BigDecimal>comparing(BigDecimal::new).thenComparing(Comparator.naturalOrder())
        : Comparator.naturalOrder();
  }

  private String mostFrequent(RawColumn.Category column, int[] counts, List<String> values,
      Missing.Fill.Learnt policy) throws FileException {
    if (policy != Missing.Fill.Learnt.MOST_FREQUENT && table.missing().columns().containsKey(column.name())) {
      throw at(column.name(), "a mean or median of categories",
          "one of most_frequent, category, or a value: {constant: other}",
          "if the column holds numbers, say 'columns: {" + column.name() + ": number}'");
    }
    var best = Optional.<String>empty();
    int most = 0;
    var codes = new HashMap<String, Integer>();
    for (var text : column.texts()) codes.put(text, codes.size());
    for (var value : values) {
      int count = codes.containsKey(value) ? counts[codes.get(value)] : 0;
      if (count > most) {
        most = count;
        best = Optional.of(value);
      }
    }
    return best.orElseThrow(() -> nothing(column.name()));
  }

  private FileException nothing(String name) {
    return at(name, "no value in any of the " + size + " rows to learn from", "at least one",
        "leave the column out with 'columns: {" + name + ": ignore}'");
  }

  private FileException at(String name, String found, String expected, String help) {
    return FileException.at(table.source() + ": column '" + name + "'", found, expected, help);
  }
}
