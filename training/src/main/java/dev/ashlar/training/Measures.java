package dev.ashlar.training;

import dev.ashlar.api.Experimental;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * What was measured on a part of the data.
 *
 * @param values loss and metrics by name
 * @param byClass what is behind those metrics that are of classes, by name of the metric
 */
@Experimental(since = "0.1")
public record Measures(SequencedMap<String, Double> values, SequencedMap<String, ClassTable> byClass) {

  /** Copies the maps. */
  public Measures {
    values = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(values));
    byClass = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(byClass));
  }

  /** The values that are read as numbers: what has a matrix behind it, such as a confusion matrix, is read there. */
  public SequencedMap<String, Double> numbers() {
    SequencedMap<String, Double> numbers = new LinkedHashMap<>(values);
    byClass.forEach((name, table) -> {
      if (table.isMatrix()) {
        numbers.remove(name);
      }
    });
    return numbers;
  }
}
