package dev.ashlar.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ashlar.reference.Reference;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Random numbers are as random as they say. Bounds are five standard errors of fixed seeds. */
class KeyTest {

  private static final int COUNT = 100_000;
  private static final TensorType MANY = TensorType.of(DType.F64, COUNT);

  @Test
  void uniformHasTheMomentsAndTheRange() {
    double[] x = Reference.evaluate(Key.of(1).uniform(MANY)).toDoubles();

    assertThat(Arrays.stream(x)).allMatch(v -> v >= 0 && v < 1 && v * 0x1p24 == Math.rint(v * 0x1p24));
    assertThat(moment(x, 1, 0)).isCloseTo(0.5, within(5 * Math.sqrt(1 / 12.0 / COUNT)));
    assertThat(moment(x, 2, 0.5)).isCloseTo(1 / 12.0, within(5 * Math.sqrt(1 / 180.0 / COUNT)));
  }

  @Test
  void uniformFillsItsRangeEvenly() {
    int bins = 64;
    int[] counts = new int[bins];
    Arrays.stream(Reference.evaluate(Key.of(2).uniform(MANY)).toDoubles()).forEach(v -> counts[(int) (v * bins)]++);
    double each = (double) COUNT / bins;
    double chi = Arrays.stream(counts).mapToDouble(c -> (c - each) * (c - each) / each).sum();

    assertThat(chi).isCloseTo(bins - 1, within(5 * Math.sqrt(2.0 * (bins - 1))));
  }

  @Test
  void normalHasTheMoments() {
    double[] x = Reference.evaluate(Key.of(3).normal(MANY)).toDoubles();

    assertThat(Arrays.stream(x)).allMatch(Double::isFinite);
    assertThat(moment(x, 1, 0)).isCloseTo(0, within(5 * Math.sqrt(1.0 / COUNT)));
    assertThat(moment(x, 2, 0)).isCloseTo(1, within(5 * Math.sqrt(2.0 / COUNT)));
    assertThat(moment(x, 3, 0)).isCloseTo(0, within(5 * Math.sqrt(15.0 / COUNT)));
    assertThat(moment(x, 4, 0)).isCloseTo(3, within(5 * Math.sqrt(96.0 / COUNT)));
  }

  @Test
  void everyBitIsSetHalfTheTime() {
    int[] words = Reference.evaluate(Key.of(4).bits(Shape.of(COUNT))).toInts();
    for (int bit = 0; bit < 32; bit++) {
      int at = bit;
      double share = Arrays.stream(words).filter(w -> (w >>> at & 1) == 1).count() / (double) COUNT;
      assertThat(share).as("bit %d", bit).isCloseTo(0.5, within(5 * Math.sqrt(0.25 / COUNT)));
    }
  }

  @Test
  void streamsHaveNothingInCommon() {
    Key key = Key.of(5);
    List<Key> keys = List.of(key, key.child("a"), key.child("b"), key.child("a").child("b"), key.child("b").child("a"),
        key.fold(i32(0)), key.fold(i32(1)), key.fold(i32(-1)), Key.of(6), Key.of(5L << 32));
    List<double[]> streams = keys.stream()
        .map(k -> Reference.evaluate(k.uniform(TensorType.of(DType.F64, 10_000))).toDoubles())
        .toList();
    for (int i = 0; i < streams.size(); i++) {
      for (int j = 0; j < i; j++) {
        double product = 0;
        for (int n = 0; n < 10_000; n++) {
          product += (streams.get(i)[n] - 0.5) * (streams.get(j)[n] - 0.5);
        }
        double correlation = product / 10_000 * 12;
        assertThat(correlation).as("streams %d and %d", i, j).isCloseTo(0, within(5 / Math.sqrt(10_000)));
      }
    }
  }

  @Test
  void neighbouringStepsAndNamesGiveDistinctKeys() {
    Set<List<Integer>> keys = new HashSet<>();
    Key key = Key.of(7);
    for (int i = 0; i < 200; i++) {
      keys.add(words(key.fold(i32(i))));
      keys.add(words(key.child("layer_" + i)));
    }

    assertThat(keys).hasSize(400);
  }

  @Test
  void aSeedAsTensorIsTheSeedAsNumber() {
    Tensor seed = Tensor.input("seed", TensorType.of(DType.I32, 2));
    long number = 0x1234_5678_9abc_def0L;
    Map<String, NDArray> arguments =
        Map.of("seed", NDArray.of(Shape.of(2), (int) number, (int) (number >>> 32)));

    assertThat(Reference.evaluate(Key.of(seed).bits(Shape.of(4)), arguments).toInts())
        .isEqualTo(Reference.evaluate(Key.of(number).bits(Shape.of(4))).toInts());
  }

  private static List<Integer> words(Key key) {
    return Reference.evaluate(List.of(key.low(), key.high()), Map.of()).stream().map(a -> (int) a.getLong(0)).toList();
  }

  private static Tensor i32(int value) {
    return Tensor.scalar(DType.I32, value);
  }

  private static double moment(double[] x, int power, double around) {
    return Arrays.stream(x).map(v -> Math.pow(v - around, power)).average().orElseThrow();
  }
}
