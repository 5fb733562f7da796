package dev.ashlar.io.tables;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;

class RanksTest {

  /** Against sorting, with few and many numbers alike, gaps, both signs, zeros, and numbers far apart. */
  @Test
  void orderIsThatOfSorting() {
    var random = new Random(7);
    for (int round = 0; round < 120; round++) {
      int kind = round % 4;
      DoubleSupplier number = () -> switch (kind) {
        case 0 -> random.nextInt(9) - 4;
        case 1 -> (float) random.nextGaussian();
        case 2 -> Float.intBitsToFloat(random.nextInt(0x7f800000)) * (random.nextBoolean() ? 1 : -1);
        default -> 19000 + random.nextInt(400) + (float) random.nextInt(24) / 24;
      };
      var values = new double[1 + random.nextInt(3000)];
      Arrays.setAll(values, i -> random.nextInt(10) == 0 ? Double.NaN : number.getAsDouble());
      values[0] = -0.0;
      check(values, 1 + random.nextInt(500));
    }
    check(new double[] {Double.NaN, 3}, 1);
    check(new double[] {5, 5, 5, 5}, 2);
  }

  @Test
  void nothingIsThere() {
    assertThat(new Ranks(2, i -> Double.NaN).filled()).isZero();
  }

  private static void check(double[] values, int sorted) {
    var order = Arrays.stream(values).filter(v -> !Double.isNaN(v)).map(v -> v + 0.0).sorted().toArray();
    var ranks = new Ranks(values.length, i -> values[(int) i], sorted);
    int middle = order.length / 2;
    assertThat(ranks.filled()).isEqualTo(order.length);
    assertThat(ranks.median())
        .isEqualTo(order.length % 2 == 1 ? order[middle] : order[middle - 1] / 2 + order[middle] / 2);
    long most = Arrays.stream(order).mapToLong(v -> count(order, v)).max().orElseThrow();
    assertThat(ranks.mostFrequent())
        .isEqualTo(Arrays.stream(order).filter(v -> count(order, v) == most).findFirst().orElseThrow());
    assertThat(ranks.mean()).isCloseTo(Arrays.stream(order).average().orElseThrow(),
        org.assertj.core.data.Percentage.withPercentage(1e-6));
  }

  private static long count(double[] order, double value) {
    return Arrays.stream(order).filter(v -> v == value).count();
  }
}
