package dev.ashlar.io.transforms;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.data.Dataset;
import dev.ashlar.model.Scope;
import dev.ashlar.model.Transform;
import dev.ashlar.tensor.Tensor;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * y = (x - mean) / deviation, feature by feature. Shapes: x [batch, .., features] -> the same, in the
 * precision of computation. Without numbers it takes them from the training examples.
 *
 * @param deviation a feature that never changes has 1
 * @param columns of a table whose features are scaled; others stay as they are
 */
@Name("standardize")
@Doc("brings each feature to mean 0 and standard deviation 1 over the training examples")
public record Standardize(
    @Doc("mean of each feature; by default that of the training examples") @Default("[]") List<Double> mean,
    @Doc("standard deviation of each feature; by default that of the training examples") @Default("[]")
        List<Double> deviation,
    @Doc("of a table, what is scaled; by default all") @Default("[]") List<String> columns)
    implements Transform {
  /** Copies the lists. */
  public Standardize {
    mean = List.copyOf(mean);
    deviation = List.copyOf(deviation);
    columns = List.copyOf(columns);
    if (mean.size() != deviation.size()) throw new IllegalArgumentException("as many means as deviations");
    if (!mean.stream().allMatch(Double::isFinite)) throw new IllegalArgumentException("finite means");
    if (!deviation.stream().allMatch(d -> d > 0 && Double.isFinite(d))) {
      throw new IllegalArgumentException("finite deviations above 0");
    }
  }

  /** With numbers to be taken from the training examples. */
  public Standardize() {
    this(List.of(), List.of(), List.of());
  }

  /** With these numbers. */
  public Standardize(List<Double> mean, List<Double> deviation) {
    this(mean, deviation, List.of());
  }

  @Override
  public Transform fit(Dataset training) throws IOException {
    if (!mean.isEmpty()) return this;
    int count = Features.count(training, "standardize");
    var moments = new Moments(count);
    var chosen = Features.chosen(training, count, columns);
    Features.each(training, count, moments::add);
    return moments.standardize(chosen, columns);
  }

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    if (mean.isEmpty()) {
      throw new IllegalStateException("standardize has not seen the training examples: call fit first");
    }
    return Working.apply(
        x, scope, numbers -> numbers.sub(Features.constant(mean, numbers)).div(Features.constant(deviation, numbers)));
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

    void add(int feature, double value) {
      double off = value - mean[feature];
      mean[feature] += off / ++count[feature];
      squares[feature] += off * (value - mean[feature]);
    }

    Standardize standardize(boolean[] chosen, List<String> columns) {
      var deviation = new double[mean.length];
      for (int i = 0; i < deviation.length; i++) {
        double variance = squares[i] / Math.max(1, count[i]);
        deviation[i] = chosen[i] && variance > 0 ? Math.sqrt(variance) : 1;
        if (!chosen[i]) mean[i] = 0;
      }
      return new Standardize(
          Arrays.stream(mean).boxed().toList(), Arrays.stream(deviation).boxed().toList(), columns);
    }
  }
}
