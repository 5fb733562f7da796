package dev.ashlar.io.tables;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Value;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What stands for values that are missing: of all columns, and of some by name. What is learnt comes from the training
 * examples alone and is saved with the model. The label and targets must be there.
 *
 * @param all policy of columns that are not named; {@code mean} and {@code median} mean the most frequent value where a
 *     column holds categories
 * @param columns policies by the name of the column
 * @param markers what counts as missing, beside an empty field
 */
public record Missing(
    @Doc("of columns that are not named") @Default("error") Fill all,
    @Doc("of some columns, by name") @Default("{}") Map<String, Fill> columns,
    @Doc("texts that mean that a value is missing, beside an empty field")
        @Default("[NA, N/A, NaN, nan, 'null', 'NULL', '?']") List<String> markers) {

  /** Texts that mean that nothing is there, unless a table says otherwise. */
  public static final List<String> MARKERS = List.of("NA", "N/A", "NaN", "nan", "null", "NULL", "?");

  /** A mistake everywhere. */
  public static final Missing ERROR = new Missing(Fill.Learnt.ERROR, Map.of(), MARKERS);

  /** Copies; keeps the order. */
  public Missing {
    columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
    markers = List.copyOf(markers);
  }

  /** One policy for all columns. */
  public static Missing all(Fill policy) {
    return new Missing(policy, Map.of(), MARKERS);
  }

  /** The policy of a column. */
  Fill of(String column) {
    return columns.getOrDefault(column, all);
  }

  /** What stands for a value that is missing. */
  @Name("policy for missing values")
  public sealed interface Fill {

    /** What needs no number. */
    enum Learnt implements Fill {
      /** Nothing: it is a mistake. */
      @Doc("nothing: it is a mistake")
      ERROR,
      /** The mean. */
      @Doc("the mean of the training examples")
      MEAN,
      /** The middle: of an even number the mean of the two in the middle. */
      @Doc("the median of the training examples")
      MEDIAN,
      /** What most have; of several the least. */
      @Doc("what most training examples have")
      MOST_FREQUENT,
      /** A category of its own. */
      @Doc("a category of its own, called 'missing'")
      CATEGORY
    }

    /**
     * A given value.
     *
     * @param value a number, or text as it would stand in the column
     */
    @Doc("a given value")
    record Constant(@Doc("a number, or text as it would stand in the column") Value value) implements Fill {
      /** Refuses what is no field. */
      public Constant {
        if (!(value instanceof Value.Text || value instanceof Value.Num || value instanceof Value.Bool)) {
          throw new IllegalArgumentException("a number or text");
        }
      }

      String text() {
        return switch (value) {
          case Value.Text text -> text.value();
          default -> value.toString();
        };
      }
    }
  }
}
