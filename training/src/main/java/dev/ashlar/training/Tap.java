package dev.ashlar.training;

import dev.ashlar.api.Stable;
import dev.ashlar.tensor.NDArray;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;

/**
 * A value from inside a model.
 *
 * @param path of the part that gave it, or of what a part marked with {@code scope.tap}
 * @param value of a whole batch, [examples, ..]
 */
@Stable
public record Tap(String path, NDArray value) {

  /** The mean of all elements; NaN if there are none. */
  public double mean() {
    return elements().sum() / value.size();
  }

  /** The standard deviation of all elements, as of a whole population. */
  public double deviation() {
    double mean = mean();
    return Math.sqrt(elements().map(x -> (x - mean) * (x - mean)).sum() / value.size());
  }

  /** The least element; NaN if there is one, or none at all. */
  public double min() {
    return extreme(Math::min);
  }

  /** The greatest element; NaN if there is one, or none at all. */
  public double max() {
    return extreme(Math::max);
  }

  private double extreme(DoubleBinaryOperator choice) {
    return elements().reduce(choice).orElse(Double.NaN);
  }

  private DoubleStream elements() {
    return LongStream.range(0, value.size()).mapToDouble(value::get);
  }
}
