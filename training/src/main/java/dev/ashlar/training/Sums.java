package dev.ashlar.training;

import dev.ashlar.model.Metric;
import dev.ashlar.program.Program;
import dev.ashlar.program.Workspace;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** Loss and metrics' statistics, merged over batches in double precision. Adding allocates nothing. */
final class Sums {

  /** What every virtual machine can allocate. */
  private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

  private final SequencedMap<String, Metric> metrics;
  private final Map<String, Map<String, double[]>> statistics = new LinkedHashMap<>();
  private final List<Line> lines = new ArrayList<>();
  private final boolean isLossWeighted;
  private double loss;
  private double weight;
  private int batches;

  /** A result of the program, and where it is added up ({@code step} is 0), or kept one batch after another. */
  private record Line(String result, double[] merged, int size, int step) {}

  /**
   * @param batches in all, as many as can be added
   * @throws ShapeException if a metric keeps more than an array holds
   */
  Sums(SequencedMap<String, Metric> metrics, Program program, int batches) {
    this.metrics = metrics;
    this.isLossWeighted = program.results().containsKey(Programs.LOSS_WEIGHT);
    metrics.forEach((name, metric) -> {
      Map<String, double[]> parts = new LinkedHashMap<>();
      program.results().forEach((result, type) -> {
        if (result.startsWith(name + ".")) {
          String part = result.substring(name.length() + 1);
          int size = Math.toIntExact(type.shape().size());
          boolean isKept = metric.kept().contains(part);
          double[] merged = new double[isKept ? kept(name, type, batches) : size];
          parts.put(part, merged);
          lines.add(new Line(result, merged, size, isKept ? size : 0));
        }
      });
      statistics.put(name, parts);
    });
  }

  private static int kept(String metric, TensorType type, int batches) {
    long numbers = type.shape().size() * batches;
    if (numbers > LARGEST_ARRAY) {
      throw new ShapeException("metric '" + metric + "', which keeps its scores until all are there",
          "at most " + LARGEST_ARRAY + " of them", numbers + ", " + type + " of each of " + batches + " batches",
          "measure it on fewer examples, or leave it out");
    }
    return (int) numbers;
  }

  void clear() {
    loss = 0;
    weight = 0;
    batches = 0;
    for (Line line : lines) {
      Arrays.fill(line.merged, 0);
    }
  }

  /**
   * Adds the results of a batch with so many examples.
   *
   * @return what its loss counts by
   */
  double add(Workspace workspace, int count) {
    double counted = isLossWeighted ? workspace.result(Programs.LOSS_WEIGHT).get(0) : count;
    loss += workspace.result(Programs.LOSS).get(0) * counted;
    weight += counted;
    for (int l = 0; l < lines.size(); l++) {
      Line line = lines.get(l);
      NDArray value = workspace.result(line.result);
      int from = line.step * batches;
      for (int i = 0; i < line.size; i++) {
        line.merged[from + i] += value.get(i);
      }
    }
    batches++;
    return counted;
  }

  /**
   * What was added up so far.
   *
   * @param loss times what it counts by
   * @param weight what it counts by
   * @param batches how many
   * @param statistics of metrics, by name of the result; of those that are kept one after another, as many as there are
   */
  record Totals(double loss, double weight, int batches, Map<String, double[]> statistics) {}

  /** A copy of what was added up. */
  Totals totals() {
    Map<String, double[]> copies = new LinkedHashMap<>();
    lines.forEach(line -> copies.put(line.result, Arrays.copyOf(line.merged, used(line, batches))));
    return new Totals(loss, weight, batches, copies);
  }

  private static int used(Line line, int batches) {
    return line.step == 0 ? line.size : line.step * batches;
  }

  /**
   * Goes on from what was added up before.
   *
   * @return false, and all is as after {@link #clear}, if that is of other metrics
   */
  boolean restore(Totals totals) {
    clear();
    for (Line line : lines) {
      double[] numbers = totals.statistics().get(line.result);
      if (numbers == null || numbers.length != used(line, totals.batches()) || numbers.length > line.merged.length) {
        return false;
      }
    }
    if (totals.statistics().size() != lines.size()) {
      return false;
    }
    lines.forEach(line -> {
      double[] numbers = totals.statistics().get(line.result);
      System.arraycopy(numbers, 0, line.merged, 0, numbers.length);
    });
    loss = totals.loss();
    weight = totals.weight();
    batches = totals.batches();
    return true;
  }

  /** Loss and metrics, with what is behind those of classes. */
  Measures measures(List<String> classes) {
    SequencedMap<String, ClassTable> byClass = new LinkedHashMap<>();
    metrics.forEach((name, metric) -> metric.byClass(statistics.get(name))
        .ifPresent(rows -> byClass.put(name, ClassTable.of(rows, classes))));
    return new Measures(results(), byClass);
  }

  /** A mean; 0 where nothing counts, as of one batch. */
  static double mean(double sum, double weight) {
    return sum / Math.max(weight, 1e-30);
  }

  /** Loss (the mean over examples) and metrics, by name; NaN if no batch was added. */
  SequencedMap<String, Double> results() {
    SequencedMap<String, Double> results = new LinkedHashMap<>();
    results.put(Programs.LOSS, batches == 0 ? Double.NaN : mean(loss, weight));
    metrics.forEach((name, metric) ->
        results.put(name, batches == 0 ? Double.NaN : metric.result(statistics.get(name))));
    return results;
  }
}
