package dev.ashlar.io.tables;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import java.util.List;
import java.util.Optional;

/** How a column of a table is read: {@code number}, {@code category}, {@code date} or {@code ignore}. */
@Name("column type")
public sealed interface ColumnType {

  /** What needs no options. */
  enum Plain implements ColumnType {
    /** A number, as it is: one feature. */
    @Doc("a number, as it is")
    NUMBER,
    /** No feature. */
    @Doc("no feature")
    IGNORE
  }

  /**
   * One of some texts; digits count as text, but for a fraction of zeros: {@code 1.0} is {@code 1}.
   *
   * @param encode what stands for it
   * @param values in order; by default those of the training examples, sorted by number or else alphabet
   * @param unknown what a value means that is none of these
   * @param atLeast rarer values are unknown
   */
  @Doc("one of some texts")
  record Category(
      @Doc("a feature for each value (one_hot), or its number from 0 as one feature (index)") @Default("one_hot")
          Encoding encode,
      @Doc("the values in order; by default those of the training examples") @Default("[]") List<String> values,
      @Doc("another value counts as none of them, or is an error") @Default("none") Unknown unknown,
      @Doc("values that fewer training examples have are unknown") @Default("1") @Range(atLeast = 1) int atLeast)
      implements ColumnType {

    /** Refuses what contradicts itself. */
    public Category {
      values = List.copyOf(values);
      if (values.stream().map(Numbers::category).distinct().count() < values.size()) {
        throw new IllegalArgumentException("each value once");
      }
      if (atLeast > 1 && unknown == Unknown.ERROR) {
        throw new IllegalArgumentException("'at_least' makes rare values unknown: 'unknown: none' with it");
      }
    }

    /** One feature for each value of the training examples. */
    public Category() {
      this(Encoding.ONE_HOT, List.of(), Unknown.NONE, 1);
    }
  }

  /**
   * A day, or a day and a time.
   *
   * @param parts the features that are made of it; by default years, season and weekday, and hour where any training
   *     example has a time
   * @param format a pattern of {@link java.time.format.DateTimeFormatter}; by default ISO 8601
   */
  @Doc("a day, or a day and a time")
  record Date(
      @Doc("what is made of it: years, season, weekday, hour, days; by default the first three, and hour if it has one")
          @Default("[]") List<DatePart> parts,
      @Doc("such as dd.MM.yyyy; by default ISO: 2026-03-31, 2026-03-31T12:30:00") Optional<String> format)
      implements ColumnType {

    /** Refuses a format that is none. */
    public Date {
      parts = List.copyOf(parts);
      format.ifPresent(Dates::formatter);
      if (parts.stream().distinct().count() < parts.size()) throw new IllegalArgumentException("each part once");
    }

    /**
     * Those of some formats in which a text is a day, so that a column's is found text by text.
     *
     * @param formats that its other texts have; empty for all usual ones other than ISO 8601
     */
    public static List<String> formatsOf(String text, List<String> formats) {
      return Dates.formatsOf(List.of(text), formats.isEmpty() ? Dates.USUAL : formats);
    }

    /** As ISO has it. */
    public Date() {
      this(List.of(), Optional.empty());
    }
  }

  /** What stands for a category. */
  enum Encoding {
    /** A feature for each value: 1 for the one that it is, 0 for the others. */
    ONE_HOT,
    /** The position of the value, as a number. */
    INDEX
  }

  /** What a category means that is none of the known values. */
  enum Unknown {
    /** None of them: zeros in one-hot, the number behind the last as index. */
    NONE,
    /** A mistake. */
    ERROR
  }
}
