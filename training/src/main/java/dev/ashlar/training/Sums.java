package dev.ashlar.training;

import dev.ashlar.model.Metric;
import dev.ashlar.program.Program;
import dev.ashlar.program.Workspace;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.TensorType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** Loss and metrics' statistics, added up over batches in double precision. Adding allocates nothing. */
final class Sums {

  private final SequencedMap<String, Metric> metrics;
  private final Map<String, Map<String, double[]>> statistics = new LinkedHashMap<>();
  private final List<Line> lines = new ArrayList<>();
  private double loss;
  private long examples;

  /** A result of the program, and where it is added up. */
  private record Line(String result, double[] sums) {}

  Sums(SequencedMap<String, Metric> metrics, Program program) {
    this.metrics = metrics;
    metrics.keySet().forEach(metric -> {
      Map<String, double[]> parts = new LinkedHashMap<>();
      program.results().forEach((result, type) -> {
        if (result.startsWith(metric + ".")) {
          double[] sums = new double[size(type)];
          parts.put(result.substring(metric.length() + 1), sums);
          lines.add(new Line(result, sums));
        }
      });
      statistics.put(metric, parts);
    });
  }

  private static int size(TensorType type) {
    return Math.toIntExact(type.shape().size());
  }

  void clear() {
    loss = 0;
    examples = 0;
    for (Line line : lines) {
      java.util.Arrays.fill(line.sums, 0);
    }
  }

  /** Adds the results of a batch with so many examples. */
  void add(Workspace workspace, int count) {
    loss += workspace.result(Programs.LOSS).get(0) * count;
    examples += count;
    for (int l = 0; l < lines.size(); l++) {
      Line line = lines.get(l);
      NDArray value = workspace.result(line.result);
      for (int i = 0; i < line.sums.length; i++) {
        line.sums[i] += value.get(i);
      }
    }
  }

  /** Loss (the mean over examples) and metrics, by name. */
  SequencedMap<String, Double> results() {
    SequencedMap<String, Double> results = new LinkedHashMap<>();
    results.put(Programs.LOSS, loss / examples);
    metrics.forEach((name, metric) -> results.put(name, metric.result(statistics.get(name))));
    return results;
  }
}
