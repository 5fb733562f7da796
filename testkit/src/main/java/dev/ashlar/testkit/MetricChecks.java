package dev.ashlar.testkit;

import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import java.util.List;
import java.util.Map;
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
