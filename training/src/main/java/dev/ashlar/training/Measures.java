package dev.ashlar.training;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * What was measured on a part of the data.
 *
 * @param values loss and metrics by name
 * @param byClass what is behind those metrics that are of classes, by name of the metric
 */
public record Measures(SequencedMap<String, Double> values, SequencedMap<String, ClassTable> byClass) {

  /** Copies the maps. */
  public Measures {
    values = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(values));
    byClass = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(byClass));
  }
}
