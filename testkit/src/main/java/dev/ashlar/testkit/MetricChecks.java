package dev.ashlar.testkit;

import dev.ashlar.model.Batch;
import dev.ashlar.reference.Reference;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/** The promises of {@link MetricContract}, for one example. */
record MetricChecks(MetricContract.Example example) {

  /** Of sums of a few terms in single precision. */
  private static final double ROUNDING = 1e-6;

  /** Examples with the weight of each. */
  private record Part(NDArray output, NDArray target, NDArray weights) {

    static Part of(NDArray output, NDArray target) {
      NDArray ones = NDArray.zeros(TensorType.of(DType.F32, output.shape().dim(0)));
      for (long i = 0; i < ones.size(); i++) {
        ones.set(i, 1);
      }
      return new Part(output, target, ones);
    }

    Part rows(int from, int to) {
      return new Part(output.rows(from, to), target.rows(from, to), weights.rows(from, to));
    }

    Part without(int index) {
      NDArray fewer = weights.copy();
      fewer.set(index, 0);
      return new Part(output, target, fewer);
    }
  }

  private Part whole() {
    return Part.of(example.output(), example.target());
  }

  private int batch() {
    return example.output().shape().dim(0);
  }

  /** The statistics of each batch added up, as an evaluation does. */
  private Map<String, double[]> sums(List<Part> batches) {
    Map<String, double[]> sums = new LinkedHashMap<>();
    for (Part part : batches) {
      Batch batch = new Batch(Tensors.of(Batch.TARGET, Tensor.constant(part.target()),
          Batch.WEIGHT, Tensor.constant(part.weights())));
      Tensors statistics = example.metric().statistics(Tensors.of(Tensor.constant(part.output())), batch);
      statistics.asMap().forEach((name, statistic) -> {
        double[] values = Reference.evaluate(statistic).toDoubles();
        sums.merge(name, values, (sum, more) -> added(name, sum, more));
      });
    }
    return sums;
  }

  private static double[] added(String name, double[] sum, double[] more) {
    if (sum.length != more.length) {
      throw new AssertionError("statistic '" + name + "' has " + sum.length + " elements for one batch and "
          + more.length + " for another: sum over examples with batch.sum");
    }
    return IntStream.range(0, sum.length).mapToDouble(i -> sum[i] + more[i]).toArray();
  }

  private NDArray measure(List<Part> batches) {
    return NDArray.scalar(DType.F64, example.metric().result(sums(batches)));
  }

  private NDArray measure(Part batch) {
    return measure(List.of(batch));
  }

  void finite() {
    for (DType dtype : List.of(DType.F64, DType.F32)) {
      NDArray target = example.target();
      Part part = Part.of(example.output().cast(dtype), target.dtype().isFloating() ? target.cast(dtype) : target);
      sums(List.of(part)).forEach((name, values) -> {
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
      List<Part> two = List.of(whole().rows(0, cut), whole().rows(cut, batch()));
      ExpectedNumbers.assertClose("the result over batches of " + cut + " and " + (batch() - cut)
          + " examples (let statistics be sums, batch.sum, and divide in result())", measure(two), expected, ROUNDING);
    }
    List<Part> single = IntStream.range(0, batch()).mapToObj(i -> whole().rows(i, i + 1)).toList();
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
      Part padded = whole();
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
        + " (every example counts alike, wherever it stands)", measure(Part.of(
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
