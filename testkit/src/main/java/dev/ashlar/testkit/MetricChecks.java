package dev.ashlar.testkit;

import dev.ashlar.model.Batch;
import dev.ashlar.model.Metric;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/** The promises of {@link MetricContract}, for one example. */
record MetricChecks(MetricContract.Example example) {

  /** Of sums of a few terms in single precision. */
  private static final double ROUNDING = 1e-6;

  private MeasuredBatch whole() {
    return MeasuredBatch.of(example.output(), example.target());
  }

  void enough() {
    Values.requireVaried(3, Map.of("output", example.output(), "target", example.target()));
  }

  private int batch() {
    return example.output().shape().dim(0);
  }

  private NDArray measure(List<MeasuredBatch> batches) {
    return NDArray.scalar(DType.F64, example.metric().result(MeasuredBatch.statistics(example.metric(), batches)));
  }

  private NDArray measure(MeasuredBatch batch) {
    return measure(List.of(batch));
  }

  void finite() {
    for (DType dtype : List.of(DType.F64, DType.F32)) {
      NDArray target = example.target().dtype().isFloating() ? example.target().cast(dtype) : example.target();
      MeasuredBatch part = MeasuredBatch.of(example.output().cast(dtype), target);
      MeasuredBatch.statistics(example.metric(), List.of(part)).forEach((name, values) -> {
        for (double value : values) {
          if (!Double.isFinite(value)) {
            throw new AssertionError("for an output in " + dtype + " statistic '" + name + "' is " + value
                + ": give sums, and divide in result()");
          }
        }
      });
      double result = measure(part).item();
      if (!Double.isFinite(result)) {
        throw new AssertionError("for an output in " + dtype + " the result is " + result
            + ": divide by a count that is in the statistics");
      }
    }
  }

  /** What is kept is among what is given, or it would be added up. */
  void keeps() {
    Batch batch = new Batch(Tensors.of(Batch.TARGET, Tensor.constant(whole().target()),
        Batch.WEIGHT, Tensor.constant(whole().weights())));
    Set<String> given = new TreeSet<>(
        example.metric().statistics(Tensors.of(Tensor.constant(whole().output())), batch).names());
    Set<String> kept = example.metric().kept();
    if (kept == null) {
      throw new AssertionError("kept() gives null: give Set.of() where every statistic is added up");
    }
    for (String name : kept) {
      if (!given.contains(name)) {
        throw new AssertionError("kept() names '" + name + "', and statistics() gives only " + given
            + ": name statistics as there");
      }
    }
  }

  /** Of every batch and of all, merged, there are numbers by class, or none. */
  void byClass() {
    byClass(List.of(whole()), "of one batch");
    byClass(List.of(whole().rows(0, 1)), "of a batch of one example");
    byClass(List.of(whole().rows(0, 1), whole().rows(1, batch())), "of two batches, merged");
  }

  private void byClass(List<MeasuredBatch> batches, String which) {
    Optional<Metric.ByClass> found;
    try {
      found = example.metric().byClass(MeasuredBatch.statistics(example.metric(), batches));
    } catch (RuntimeException e) {
      throw new AssertionError("byClass() fails for the statistics " + which + ", which result() takes: " + e
          + "; give Optional.empty() where there is nothing by class", e);
    }
    if (found == null) {
      throw new AssertionError("byClass() gives null for the statistics " + which
          + ": give Optional.empty() where there is nothing by class");
    }
    found.ifPresent(table -> {
      int columns = table.columns().isEmpty() ? table.rows().length : table.columns().size();
      for (double[] row : table.rows()) {
        if (row.length != columns) {
          throw new AssertionError("byClass() has a row " + Arrays.toString(row) + " of " + row.length + " for "
              + columns + " columns" + (table.columns().isEmpty() ? ", one for each class" : " " + table.columns())
              + ": give a number for each");
        }
      }
    });
  }

  void merging() {
    NDArray expected = measure(whole());
    for (int cut = 1; cut < batch(); cut++) {
      List<MeasuredBatch> two = List.of(whole().rows(0, cut), whole().rows(cut, batch()));
      ExpectedNumbers.assertClose("the result over batches of " + cut + " and " + (batch() - cut)
          + " examples (let statistics be sums, batch.sum, and divide in result())", measure(two), expected, ROUNDING);
    }
    List<MeasuredBatch> single = IntStream.range(0, batch()).mapToObj(i -> whole().rows(i, i + 1)).toList();
    ExpectedNumbers.assertClose("the result over batches of one example (let statistics be sums, batch.sum, and"
        + " divide in result())", measure(single), expected, ROUNDING);
  }

  void padding() {
    for (int last : new int[] {batch() - 1, batch() - 2}) {
      NDArray expected = measure(whole().rows(0, last));
      if (expected.item() == measure(whole()).item()) {
        throw new AssertionError("the result is " + expected + " with and without the last " + (batch() - last)
            + " examples: give some of another quality, or nothing shows whether they count");
      }
      MeasuredBatch padded = whole();
      for (int i = last; i < batch(); i++) {
        padded = padded.without(i);
      }
      ExpectedNumbers.assertClose("the result with " + (batch() - last) + " of " + batch()
          + " examples of weight 0 (use batch.sum)", measure(padded), expected, ROUNDING);
    }
  }

  void order() {
    NDArray expected = measure(whole());
    int n = batch();
    Map<String, IntUnaryOperator> orders = Map.of("reversed", i -> n - 1 - i, "moved by one", i -> (i + 1) % n);
    orders.forEach((name, order) -> ExpectedNumbers.assertClose("the result of the examples " + name
        + " (every example counts alike, wherever it stands)", measure(MeasuredBatch.of(
            reordered(example.output(), order), reordered(example.target(), order))), expected, ROUNDING));
  }

  private static NDArray reordered(NDArray rows, IntUnaryOperator order) {
    NDArray result = NDArray.zeros(rows.type());
    int n = rows.shape().dim(0);
    for (int i = 0; i < n; i++) {
      result.rows(i, i + 1).data().copyFrom(rows.rows(order.applyAsInt(i), order.applyAsInt(i) + 1).data());
    }
    return result;
  }
}
