package dev.ashlar.testkit;

import dev.ashlar.api.Stable;
import dev.ashlar.model.Batch;
import dev.ashlar.model.Metric;
import dev.ashlar.reference.Reference;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * A batch for a metric, with the weight of each example.
 *
 * @param output of a model, [batch, ..]
 * @param target [batch, ..]
 * @param weights [batch], f32
 */
@Stable
public record MeasuredBatch(NDArray output, NDArray target, NDArray weights) {

  /** Every example of it counts once. */
  public static MeasuredBatch of(NDArray output, NDArray target) {
    NDArray ones = NDArray.zeros(TensorType.of(DType.F32, output.shape().dim(0)));
    for (long i = 0; i < ones.size(); i++) {
      ones.set(i, 1);
    }
    return new MeasuredBatch(output, target, ones);
  }

  /** Examples {@code from} (inclusive) to {@code to} (exclusive). */
  public MeasuredBatch rows(int from, int to) {
    return new MeasuredBatch(output.rows(from, to), target.rows(from, to), weights.rows(from, to));
  }

  /** This with one example that does not count. */
  public MeasuredBatch without(int index) {
    NDArray fewer = weights.copy();
    fewer.set(index, 0);
    return new MeasuredBatch(output, target, fewer);
  }

  /**
   * The statistics of batches, merged as an evaluation does it.
   *
   * @throws AssertionError if those of two batches do not go together
   */
  public static Map<String, double[]> statistics(Metric metric, List<MeasuredBatch> batches) {
    Map<String, double[]> merged = new LinkedHashMap<>();
    for (MeasuredBatch part : batches) {
      Batch batch = new Batch(Tensors.of(
          Batch.TARGET, Tensor.constant(part.target), Batch.WEIGHT, Tensor.constant(part.weights)));
      metric.statistics(Tensors.of(Tensor.constant(part.output)), batch).asMap().forEach((name, statistic) -> {
        double[] values = Reference.evaluate(statistic).toDoubles();
        merged.merge(name, values, (before, more) -> metric.kept().contains(name)
            ? DoubleStream.concat(DoubleStream.of(before), DoubleStream.of(more)).toArray()
            : added(name, before, more));
      });
    }
    return merged;
  }

  private static double[] added(String name, double[] sum, double[] more) {
    if (sum.length != more.length) {
      throw new AssertionError("statistic '" + name + "' has " + sum.length + " elements for one batch and "
          + more.length + " for another: sum over examples with batch.sum, or say that it is kept()");
    }
    return IntStream.range(0, sum.length).mapToDouble(i -> sum[i] + more[i]).toArray();
  }
}
