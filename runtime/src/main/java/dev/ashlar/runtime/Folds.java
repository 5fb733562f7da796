package dev.ashlar.runtime;

import dev.ashlar.training.Examples;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * How good models are that were trained with each part of the examples held out in turn.
 *
 * @param mean of loss and metrics over the folds, by part of the data
 * @param deviation over the folds, that of a sample: the squares are divided by one less than their number
 * @param each fold's
 */
public record Folds(
    SequencedMap<String, SequencedMap<String, Double>> mean,
    SequencedMap<String, SequencedMap<String, Double>> deviation,
    List<SequencedMap<String, SequencedMap<String, Double>>> each) {

  static Folds of(List<SequencedMap<String, SequencedMap<String, Double>>> each) {
    SequencedMap<String, SequencedMap<String, Double>> mean = new LinkedHashMap<>();
    SequencedMap<String, SequencedMap<String, Double>> deviation = new LinkedHashMap<>();
    for (String part : List.of(Examples.TRAIN, Examples.VALIDATION, Examples.TEST)) {
      if (!each.getFirst().containsKey(part)) {
        continue;
      }
      SequencedMap<String, Double> means = new LinkedHashMap<>();
      SequencedMap<String, Double> deviations = new LinkedHashMap<>();
      for (String metric : each.getFirst().get(part).keySet()) {
        List<Double> values = new ArrayList<>();
        each.forEach(fold -> values.add(fold.get(part).get(metric)));
        double average = values.stream().mapToDouble(v -> v).sum() / values.size();
        double squares = values.stream().mapToDouble(v -> (v - average) * (v - average)).sum();
        means.put(metric, average);
        deviations.put(metric, Math.sqrt(squares / (values.size() - 1)));
      }
      mean.put(part, means);
      deviation.put(part, deviations);
    }
    return new Folds(mean, deviation, List.copyOf(each));
  }
}
