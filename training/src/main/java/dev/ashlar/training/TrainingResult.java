package dev.ashlar.training;

import dev.ashlar.api.Stable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.function.Function;

/**
 * What training came to.
 *
 * @param model as kept; close it, or close this
 * @param measures of that model by part of the data, as {@link Trainer#measure} takes them in batches of the settings'
 *     size
 * @param epoch whose model was kept, from 1
 * @param epochs done
 * @param steps done
 */
@Stable
public record TrainingResult(
    Model model, SequencedMap<String, Measures> measures, int epoch, int epochs, long steps) implements AutoCloseable {

  /** Copies the map. */
  public TrainingResult {
    measures = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(measures));
  }

  /** Loss and metrics of the model by part of the data. */
  public SequencedMap<String, SequencedMap<String, Double>> metrics() {
    return of(measures, Measures::values);
  }

  /** What is taken from the measures of each part. */
  static SequencedMap<String, SequencedMap<String, Double>> of(
      SequencedMap<String, Measures> measures, Function<Measures, SequencedMap<String, Double>> taken) {
    SequencedMap<String, SequencedMap<String, Double>> values = new LinkedHashMap<>();
    measures.forEach((part, measured) -> values.put(part, taken.apply(measured)));
    return values;
  }

  @Override
  public void close() {
    model.close();
  }
}
