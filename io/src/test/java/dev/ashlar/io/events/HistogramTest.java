package dev.ashlar.io.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class HistogramTest {

  /** Every number is in the bucket that a search finds, at limits and beside them too. */
  @Test
  void bucketsAreThoseOfASearch() {
    Random random = new Random(1);
    double[] some = DoubleStream.concat(
            DoubleStream.generate(() -> random.nextGaussian() * Math.pow(10, random.nextInt(-20, 25))).limit(20_000),
            DoubleStream.iterate(1e-12, limit -> limit < 1e21, limit -> limit * 1.1)
                .flatMap(limit -> DoubleStream.of(limit, Math.nextUp(limit), Math.nextDown(limit))))
        .flatMap(value -> DoubleStream.of(value, -value, (float) value)).toArray();
    Histogram all = histogram(some);
    long counted = 0;
    double[] counts = new double[all.limits().length];
    for (double value : some) {
      int at = 0;
      while (all.limits()[at] <= value) {
        at++;
      }
      counts[at]++;
      counted++;
    }
    assertThat(all.counts()).containsExactly(counts);
    assertThat(all.count()).isEqualTo(counted);
  }

  @Test
  void nothingAtTheEnds() {
    Histogram histogram = histogram(0.5, 0.25, 0.25);
    assertThat(histogram.counts()[0]).isZero();
    assertThat(histogram.counts()[1]).isEqualTo(2);
    assertThat(histogram.counts()[histogram.counts().length - 1]).isEqualTo(1);
    assertThat(histogram.limits()[0]).isLessThanOrEqualTo(0.25);
    assertThat(histogram.min()).isEqualTo(0.25);
    assertThat(histogram.max()).isEqualTo(0.5);
    assertThat(histogram.sum()).isEqualTo(1);
    assertThat(histogram.sumOfSquares()).isEqualTo(0.375);
  }

  @Test
  void whatIsNotFiniteIsCountedApart() {
    Histogram histogram = histogram(Double.NaN, 1, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);
    assertThat(histogram.notFinite()).isEqualTo(3);
    assertThat(histogram.count()).isEqualTo(1);
    assertThat(histogram.sum()).isEqualTo(1);
    assertThat(histogram(Double.NaN).count()).isZero();
    assertThat(histogram().counts()).containsExactly(0);
  }

  @Test
  void beyondAllLimits() {
    Histogram histogram = histogram(-1e300, 1e300, -0.0, Double.MIN_VALUE);
    assertThat(histogram.limits()).isSorted().endsWith(Double.MAX_VALUE).startsWith(-Double.MAX_VALUE);
    assertThat(Arrays.stream(histogram.counts()).sum()).isEqualTo(4);
    assertThat(histogram.counts()[1]).isEqualTo(1);
    assertThat(histogram.limits().length).as("empty buckets side by side are one").isLessThan(10);
  }

  @Test
  void ofAnyTypeOfElements() {
    NDArray wide = NDArray.of(Shape.of(4), -1.0, 0, 0.5, 3);
    for (DType type : new DType[] {DType.F32, DType.F16, DType.BF16}) {
      assertThat(Histogram.of(wide.cast(type))).usingRecursiveComparison().isEqualTo(Histogram.of(wide));
    }
  }

  private static Histogram histogram(double... values) {
    return Histogram.of(NDArray.of(Shape.of(values.length), values));
  }
}
