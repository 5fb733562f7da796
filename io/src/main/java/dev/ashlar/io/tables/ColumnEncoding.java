package dev.ashlar.io.tables;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What stands for a column of a table, in numbers, with what was learnt from the training examples. */
public sealed interface ColumnEncoding {

  /** Name of the column. */
  String column();

  /** Names of the features that are made of it. */
  List<String> features();

  /** Whether a value may be missing. */
  boolean isFilled();

  /**
   * A number, as it is.
   *
   * @param missing what stands for nothing
   */
  record Number(String column, Optional<Double> missing) implements ColumnEncoding {
    @Override
    public List<String> features() {
      return List.of(column);
    }

    @Override
    public boolean isFilled() {
      return missing.isPresent();
    }
  }

  /**
   * One of some texts.
   *
   * @param values in order
   * @param encode whether each is a feature
   * @param unknown what others mean
   * @param missing the value that stands for nothing; one of them
   */
  record Category(
      String column, List<String> values, ColumnType.Encoding encode, ColumnType.Unknown unknown,
      Optional<String> missing)
      implements ColumnEncoding {

    /** Copies the list; checks what stands for nothing. */
    public Category {
      values = List.copyOf(values);
      if (missing.isPresent() && !values.contains(missing.get())) {
        throw new IllegalArgumentException("as 'missing' one of the values");
      }
    }

    @Override
    public List<String> features() {
      return encode == ColumnType.Encoding.INDEX ? List.of(column)
          : values.stream().map(value -> column + "=" + value).toList();
    }

    @Override
    public boolean isFilled() {
      return missing.isPresent();
    }
  }

  /**
   * A day, perhaps with a time.
   *
   * @param parts the features that are made of it
   * @param format how it is written; by default as ISO has it
   * @param missing days since 1970-01-01 that stand for nothing
   */
  record Date(String column, List<DatePart> parts, Optional<String> format, Optional<Double> missing)
      implements ColumnEncoding {

    /** Copies the list; checks the format. */
    public Date {
      parts = List.copyOf(parts);
      format.ifPresent(Dates::formatter);
    }

    @Override
    public List<String> features() {
      var names = new ArrayList<String>();
      for (var part : parts) part.suffixes().forEach(suffix -> names.add(column + suffix));
      return names;
    }

    @Override
    public boolean isFilled() {
      return missing.isPresent();
    }
  }
}
