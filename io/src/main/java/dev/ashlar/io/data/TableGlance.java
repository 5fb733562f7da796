package dev.ashlar.io.data;

import dev.ashlar.config.Place;
import dev.ashlar.config.Value;
import dev.ashlar.io.tables.ColumnType;
import dev.ashlar.io.tables.Missing;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the columns of a table in a text file look like, before anyone has said what they are.
 *
 * @param columns in order
 * @param rows without the header
 */
public record TableGlance(List<Column> columns, long rows) {

  /** Different values of a column that are counted one by one. */
  private static final int COUNTED = 1000;

  /** Texts for a value that is not there. */
  private static final Set<String> MISSING =
      Stream.concat(Stream.of(""), Missing.MARKERS.stream()).collect(Collectors.toUnmodifiableSet());

  /**
   * A column.
   *
   * @param name in the first line, or {@code column_1} and so on
   * @param present fields that hold a value
   * @param missing fields that hold none
   * @param counts how often each value is there, in the order of the file; empty if there are more than 1,000
   * @param numbers fields that hold a number
   * @param wholes fields that hold a whole number
   * @param dates fields that hold a day as ISO 8601 writes it, perhaps with a time
   * @param formats in which all values are days, such as {@code dd/MM/yyyy}; none if they are as ISO 8601 has them
   * @param mean of the numbers
   * @param deviation of the numbers
   * @param min of the numbers
   * @param max of the numbers
   */
  public record Column(String name, long present, long missing, Map<String, Long> counts, long numbers, long wholes,
      long dates, List<String> formats, double mean, double deviation, double min, double max) {

    /** Keeps the order of the map. */
    public Column {
      counts = Collections.unmodifiableMap(new LinkedHashMap<>(counts));
    }

    /** Whether all values are numbers. */
    public boolean isNumeric() {
      return numbers > 0 && numbers == present;
    }

    /** Whether all values are whole numbers. */
    public boolean isWhole() {
      return isNumeric() && wholes == numbers;
    }

    /** Whether all values are days. */
    public boolean isDate() {
      return !formats.isEmpty() || dates > 0 && dates == present;
    }

    /** Different values; {@link Integer#MAX_VALUE} if there are too many to count. */
    public int distinct() {
      return counts.isEmpty() && present > 0 ? Integer.MAX_VALUE : counts.size();
    }
  }

  /** Copies the list. */
  public TableGlance {
    columns = List.copyOf(columns);
  }

  /**
   * Reads all of a file, whose header and delimiter are found out.
   *
   * @throws dev.ashlar.config.FileException naming file and line
   */
  public static TableGlance of(Path path) throws IOException {
    try (CsvLines lines = CsvLines.open(path, Optional.empty(), Optional.empty(), CsvWording.ofConfiguration(path))) {
      List<Look> looks = lines.names().stream().map(Look::new).toList();
      long rows = 0;
      for (; lines.next(); rows++) {
        for (int i = 0; i < looks.size(); i++) {
          looks.get(i).add(lines.text(i));
        }
      }
      if (rows == 0) {
        throw lines.noRows();
      }
      return new TableGlance(looks.stream().map(Look::column).toList(), rows);
    }
  }

  /** Collects what a column is like. */
  private static final class Look {
    private final String name;
    private final Map<String, Long> counts = new LinkedHashMap<>();
    private boolean isCounted = true;
    private long present;
    private long missing;
    private long numbers;
    private long wholes;
    private long dates;
    private List<String> formats = List.of();
    private double mean;
    private double squares;
    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;

    Look(String name) {
      this.name = name;
    }

    void add(String text) {
      if (MISSING.contains(text)) {
        missing++;
        return;
      }
      present++;
      if (Value.plainScalar(text, Place.ROOT) instanceof Value.Num number) {
        add(number);
      } else if (text.matches("[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9:.]+([+-][0-9:]+|Z)?)?")) {
        dates++;
        formats = List.of();
      } else if (present == 1 || !formats.isEmpty()) {
        formats = ColumnType.Date.formatsOf(text, formats);
      }
      if (isCounted) {
        counts.merge(text, 1L, Long::sum);
        isCounted = counts.size() <= COUNTED;
      }
    }

    /** Mean and squared distances from it, number by number (Welford). */
    private void add(Value.Num number) {
      double value = number.value().doubleValue();
      numbers++;
      wholes += number.isLong() ? 1 : 0;
      double before = value - mean;
      mean += before / numbers;
      squares += before * (value - mean);
      min = Math.min(min, value);
      max = Math.max(max, value);
    }

    Column column() {
      return new Column(name, present, missing, isCounted ? counts : Map.of(), numbers, wholes, dates,
          numbers > 0 ? List.of() : formats, mean,
          numbers < 2 ? 0 : Math.sqrt(squares / numbers), min, max);
    }
  }
}
