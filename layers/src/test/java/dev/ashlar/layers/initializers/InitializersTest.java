package dev.ashlar.layers.initializers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.model.Initializer;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Key;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class InitializersTest {

  private static NDArray values(Initializer initializer, DType dtype, long seed, int... dims) {
    TensorType type = TensorType.of(dtype, dims);
    return initializer.initialize(type, Initializer.Fans.of(type.shape()), Key.of(seed)).eval();
  }

  private static List<Double> list(NDArray x) {
    return LongStream.range(0, x.size()).mapToObj(x::get).toList();
  }

  private static double mean(NDArray x, int power) {
    double sum = 0;
    for (long i = 0; i < x.size(); i++) {
      sum += Math.pow(x.get(i), power);
    }
    return sum / x.size();
  }

  private static double largest(NDArray x) {
    double largest = 0;
    for (long i = 0; i < x.size(); i++) {
      largest = Math.max(largest, Math.abs(x.get(i)));
    }
    return largest;
  }

  @ParameterizedTest
  @CsvSource({"LECUN_UNIFORM, 0.00125, 0.0612373", "LECUN_NORMAL, 0.00125, 1", "HE_UNIFORM, 0.0025, 0.0866026",
      "HE_NORMAL, 0.0025, 1", "GLOROT_UNIFORM, 0.002, 0.0774597", "GLOROT_NORMAL, 0.002, 1"})
  void varianceIsScaledByTheNumberOfConnections(Initializers initializer, double variance, double limit) {
    NDArray weight = values(initializer, DType.F32, 3, 800, 200);

    assertThat(mean(weight, 1)).isBetween(-0.001, 0.001);
    assertThat(mean(weight, 2)).isBetween(0.98 * variance, 1.02 * variance);
    assertThat(largest(weight)).isLessThanOrEqualTo(limit);
  }

  /** Rows or columns, whichever are fewer, times each other. */
  private static void assertOrthonormal(NDArray weight, double gain, double bound) {
    int rows = weight.shape().dim(0);
    Tensor x = Tensor.constant(weight.cast(DType.F64)).reshape(rows, -1);
    NDArray products = (rows < x.dim(1) ? x.matmul(x.transpose()) : x.transpose().matmul(x)).eval();
    int n = products.shape().dim(0);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        double expected = i == j ? gain * gain : 0;
        assertThat(products.get((long) i * n + j)).isBetween(expected - bound, expected + bound);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 7", "7, 1", "2, 2", "3, 3", "5, 3", "3, 5", "17, 17", "64, 64", "40, 90", "90, 40"})
  void orthogonalRowsOrColumnsAreOrthonormal(int rows, int columns) {
    for (int seed = 0; seed < 5; seed++) {
      assertOrthonormal(values(new Orthogonal(1), DType.F32, seed, rows, columns), 1, 2e-6);
      assertOrthonormal(values(new Orthogonal(1), DType.F64, seed, rows, columns), 1, 1e-13);
    }
  }

  @Test
  void orthogonalTakesFiltersAndAGainAndIsDecidedByTheSeed() {
    NDArray filters = values(new Orthogonal(1.5), DType.F32, 1, 6, 4, 3, 3);
    assertOrthonormal(filters, 1.5, 1e-5);
    assertThat(list(values(new Orthogonal(1.5), DType.F32, 1, 6, 4, 3, 3))).isEqualTo(list(filters));
    assertThat(list(values(new Orthogonal(1.5), DType.F32, 2, 6, 4, 3, 3))).isNotEqualTo(list(filters));
    assertThat(values(new Orthogonal(1), DType.BF16, 1, 4, 4).dtype()).isEqualTo(DType.BF16);
    assertThatThrownBy(() -> values(new Orthogonal(1), DType.F32, 1, 4)).isInstanceOf(ShapeException.class)
        .hasMessageContaining("orthogonal: expected a matrix or filters");
  }

  /** Over all such matrices, elements have mean 0 and variance 1 / n, and determinants of 1 and -1 are as likely. */
  @ParameterizedTest
  @CsvSource({"2", "3", "6"})
  void orthogonalMatricesAreEquallyLikely(int n) {
    int draws = 1000;
    double[] sums = new double[n * n];
    double[] squares = new double[n * n];
    int positive = 0;
    for (int seed = 0; seed < draws; seed++) {
      NDArray q = values(new Orthogonal(1), DType.F64, seed, n, n);
      for (int i = 0; i < n * n; i++) {
        sums[i] += q.get(i);
        squares[i] += q.get(i) * q.get(i);
      }
      positive += determinant(q, n) > 0 ? 1 : 0;
    }
    double deviation = Math.sqrt(1.0 / n / draws);
    for (int i = 0; i < n * n; i++) {
      assertThat(sums[i] / draws).as("mean of element " + i).isBetween(-4.2 * deviation, 4.2 * deviation);
      assertThat(squares[i] / draws).as("variance of element " + i).isBetween(0.82 / n, 1.18 / n);
    }
    assertThat(positive / (double) draws).isBetween(0.44, 0.56);
  }

  private static double determinant(NDArray q, int n) {
    double[][] a = new double[n][n];
    for (int i = 0; i < n * n; i++) {
      a[i / n][i % n] = q.get(i);
    }
    double product = 1;
    for (int k = 0; k < n; k++) {
      int pivot = k;
      for (int i = k; i < n; i++) {
        pivot = Math.abs(a[i][k]) > Math.abs(a[pivot][k]) ? i : pivot;
      }
      if (pivot != k) {
        double[] row = a[k];
        a[k] = a[pivot];
        a[pivot] = row;
        product = -product;
      }
      product *= a[k][k];
      for (int i = k + 1; i < n; i++) {
        double factor = a[i][k] / a[k][k];
        for (int j = k; j < n; j++) {
          a[i][j] -= factor * a[k][j];
        }
      }
    }
    return product;
  }

  /** Variances of truncated normal distributions, by scipy.stats.truncnorm(-limit, limit).var(). */
  @ParameterizedTest
  @CsvSource({"0.1, 0.00332889", "1, 0.29112509", "2, 0.77374132", "4, 0.99892929", "20, 1.0"})
  void truncatedNormalStaysWithinItsLimit(double limit, double variance) {
    for (DType dtype : List.of(DType.F32, DType.F64)) {
      NDArray x = values(new TruncatedNormal(0.5, limit), dtype, 5, 200, 1000);

      assertThat(largest(x)).isLessThanOrEqualTo(0.5 * Math.min(limit, 5.8));
      assertThat(largest(x)).isGreaterThan(0.5 * Math.min(limit * 0.98, 4));
      assertThat(mean(x, 1)).isBetween(-0.004 * limit, 0.004 * limit);
      assertThat(mean(x, 2)).isBetween(0.25 * variance * 0.985, 0.25 * variance * 1.015);
    }
  }

  @Test
  void truncatedNormalFollowsTheNormalDistribution() {
    NDArray x = values(new TruncatedNormal(1, 3), DType.F32, 7, 1000, 1000);
    // Shares below by scipy.stats.truncnorm(-3, 3).cdf.
    double[] at = {-2.5, -1, 0, 0.5, 2, 2.9};
    double[] share = {0.00487292, 0.15773120, 0.5, 0.69198077, 0.97854183, 0.99948269};
    for (int k = 0; k < at.length; k++) {
      int below = 0;
      for (long i = 0; i < x.size(); i++) {
        below += x.get(i) < at[k] ? 1 : 0;
      }
      double deviation = Math.sqrt(share[k] * (1 - share[k]) / x.size());
      assertThat(below / (double) x.size()).isBetween(share[k] - 4.5 * deviation, share[k] + 4.5 * deviation);
    }
  }

  @ParameterizedTest
  @EnumSource(value = DType.class, names = {"F32", "F64", "BF16", "F16"})
  void constantAndIdentityAreExact(DType dtype) {
    NDArray constant = values(new Constant(0.5), dtype, 1, 3, 2);
    assertThat(mean(constant, 1)).isEqualTo(0.5);
    assertThat(list(values(new Identity(2), dtype, 1, 2, 3))).containsExactly(2.0, 0.0, 0.0, 0.0, 2.0, 0.0);
    assertThat(list(values(new Identity(1), dtype, 1, 2, 2, 3)))
        .containsExactly(0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0);
  }
}
