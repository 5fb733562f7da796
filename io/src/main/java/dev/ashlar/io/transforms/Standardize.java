package dev.ashlar.io.transforms;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.data.Dataset;
import dev.ashlar.model.Batch;
import dev.ashlar.model.Scope;
import dev.ashlar.model.Transform;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * y = (x - mean) / deviation, feature by feature. Shapes: x [batch, .., features] -> the same, in the
 * precision of computation. Without numbers it takes them from the training examples.
 *
 * @param deviation a feature that never changes has 1
 */
@Name("standardize")
@Doc("brings each feature to mean 0 and standard deviation 1 over the training examples")
public record Standardize(
    @Doc("mean of each feature; by default that of the training examples") @Default("[]") List<Double> mean,
    @Doc("standard deviation of each feature; by default that of the training examples") @Default("[]")
        List<Double> deviation)
    implements Transform {
  private static final int BATCH = 256;

  /** Copies the lists. */
  public Standardize {
    mean = List.copyOf(mean);
    deviation = List.copyOf(deviation);
    if (mean.size() != deviation.size()) throw new IllegalArgumentException("as many means as deviations");
    if (!deviation.stream().allMatch(d -> d > 0 && Double.isFinite(d))) {
      throw new IllegalArgumentException("finite deviations above 0");
    }
  }

  /** With numbers to be taken from the training examples. */
  public Standardize() {
    this(List.of(), List.of());
  }

  @Override
  public Transform fit(Dataset training) throws IOException {
    if (!mean.isEmpty()) return this;
    var example = training.columns().get(Batch.INPUT);
    if (example == null || example.shape().rank() == 0) {
      throw new IllegalArgumentException("standardize needs inputs with features; there are "
          + training.columns());
    }
    var inputs = NDArray.zeros(example.withShape(example.shape().insert(0, BATCH)));
    var moments = new Moments(example.shape().dim(-1));
    var positions = new long[BATCH];
    for (long from = 0; from < training.size(); from += BATCH) {
      int count = (int) Math.min(BATCH, training.size() - from);
      for (int i = 0; i < count; i++) positions[i] = from + i;
      training.read(positions, count, Map.of(Batch.INPUT, inputs));
      moments.add(inputs, count * example.shape().size());
    }
    return moments.standardize();
  }

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    if (mean.isEmpty()) {
      throw new IllegalStateException("standardize has not seen the training examples: call fit first");
    }
    return Working.apply(
        x, scope, numbers -> numbers.sub(constant(mean, numbers)).div(constant(deviation, numbers)));
  }

  private static Tensor constant(List<Double> values, Tensor like) {
    var array = NDArray.of(Shape.of(values.size()), values.stream().mapToDouble(Double::doubleValue)
        .toArray());
    return Tensor.constant(array.cast(like.dtype()));
  }

  /** Mean and squared distance from it, updated number by number (Welford): no cancellation. */
  private static final class Moments {
    private final double[] mean;
    private final double[] squares;
    private final long[] count;

    Moments(int features) {
      mean = new double[features];
      squares = new double[features];
      count = new long[features];
    }

    void add(NDArray values, long size) {
      for (long i = 0; i < size; i++) {
        int feature = (int) (i % mean.length);
        double value = values.get(i);
        double off = value - mean[feature];
        mean[feature] += off / ++count[feature];
        squares[feature] += off * (value - mean[feature]);
      }
    }

    Standardize standardize() {
      var deviation = new double[mean.length];
      for (int i = 0; i < deviation.length; i++) {
        double variance = squares[i] / Math.max(1, count[i]);
        deviation[i] = variance > 0 ? Math.sqrt(variance) : 1;
      }
      return new Standardize(
          Arrays.stream(mean).boxed().toList(), Arrays.stream(deviation).boxed().toList());
    }
  }
}
