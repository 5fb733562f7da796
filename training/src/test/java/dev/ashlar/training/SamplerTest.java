package dev.ashlar.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.testkit.ExpectedNumbers;
import java.util.BitSet;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Filters are those of transformers, whose numbers sampling_numbers.py wrote; what is drawn has the probabilities. */
class SamplerTest {

  private static final BitSet NONE = new BitSet();

  @TestFactory
  Stream<DynamicTest> filtersAreThoseOfTransformers() {
    Map<String, ExpectedNumbers> cases = ExpectedNumbers.read(SamplerTest.class, "sampling_numbers.txt");
    return cases.entrySet().stream().map(each -> DynamicTest.dynamicTest(each.getKey(), () -> {
      ExpectedNumbers numbers = each.getValue();
      double[] settings = numbers.get("settings").toDoubles();
      Sampling sampling = new Sampling(
          settings[0], (int) settings[1], settings[2], settings[3], settings[4], 0, false);
      BitSet seen = new BitSet();
      DoubleStream.of(numbers.get("seen").toDoubles()).forEach(id -> seen.set((int) id));
      double[] found = new Sampler(sampling, 48).probabilities(logits(numbers.get("logits").toDoubles()), seen);
      double[] expected = numbers.get("probabilities").toDoubles();
      for (int i = 0; i < expected.length; i++) {
        assertThat(found[i]).as("token %d", i).isCloseTo(expected[i], within(1e-6));
        assertThat(found[i] == 0).as("token %d is left out", i).isEqualTo(expected[i] == 0);
      }
    }));
  }

  private static NDArray logits(double... values) {
    float[] floats = new float[values.length];
    IntStream.range(0, floats.length).forEach(i -> floats[i] = (float) values[i]);
    return NDArray.of(Shape.of(1, 1, floats.length), floats);
  }

  private static int next(Sampling sampling, long prompt, int index, double... logits) {
    return new Sampler(sampling, logits.length).next(logits(logits), 0, NONE, NONE, prompt, index);
  }

  /** 20,000 draws: each count within five standard deviations. */
  @Test
  void tokensComeAsOftenAsTheirProbabilitiesSay() {
    double[] probabilities = {0.5, 0.25, 0.125, 0.1, 0.025};
    double[] logits = DoubleStream.of(probabilities).map(Math::log).toArray();
    for (long seed : new long[] {0, 1, -1, 1L << 40}) {
      int[] counts = new int[5];
      int draws = 20_000;
      for (int i = 0; i < draws; i++) {
        counts[next(Sampling.PLAIN.withSeed(seed), i % 100, i / 100, logits)]++;
      }
      for (int token = 0; token < 5; token++) {
        double p = probabilities[token];
        assertThat((double) counts[token]).as("token %d, seed %d", token, seed)
            .isCloseTo(p * draws, within(5 * Math.sqrt(draws * p * (1 - p))));
      }
    }
  }

  @Test
  void randomNumbersDependOnSeedPromptAndToken() {
    assertThat(Sampler.uniform(1, 2, 3)).isEqualTo(Sampler.uniform(1, 2, 3)).isBetween(0.0, 1.0);
    long different = Stream.of(Sampler.uniform(1, 2, 3), Sampler.uniform(2, 2, 3), Sampler.uniform(1, 3, 3),
        Sampler.uniform(1, 2, 4), Sampler.uniform(1 + (1L << 32), 2, 3), Sampler.uniform(1, 2 + (1L << 32), 3))
        .distinct().count();
    assertThat(different).isEqualTo(6);
  }

  @Test
  void ofEqualLogitsGreedyTakesTheLowestToken() {
    assertThat(next(Sampling.GREEDY, 0, 0, 1, 3, 2, 3, -1)).isEqualTo(1);
    assertThat(next(Sampling.GREEDY, 0, 0, -0.0, 0.0)).isZero();
    assertThat(Sampling.PLAIN.withTemperature(0)).isEqualTo(Sampling.GREEDY);
  }

  @Test
  void greedyHeedsThePenalty() {
    BitSet seen = new BitSet();
    seen.set(1);
    Sampling penalized = Sampling.GREEDY.withRepetitionPenalty(1.5);
    assertThat(new Sampler(penalized, 3).next(logits(1, 3, 2.5), 0, seen, NONE, 0, 0)).isEqualTo(2);
    assertThat(new Sampler(penalized, 3).next(logits(-3, -2, -2.5), 0, seen, NONE, 0, 0)).isEqualTo(2);
  }

  @Test
  void bannedTokensDoNotCome() {
    BitSet banned = new BitSet();
    banned.set(1);
    assertThat(new Sampler(Sampling.GREEDY, 3).next(logits(1, 3, 2.5), 0, NONE, banned, 0, 0)).isEqualTo(2);
    for (int i = 0; i < 100; i++) {
      assertThat(new Sampler(Sampling.PLAIN, 3).next(logits(1, 9, 1), 0, NONE, banned, 0, i)).isNotEqualTo(1);
    }
  }

  @Test
  void whatIsNoNumberIsToldWithItsPlace() {
    for (Sampling sampling : new Sampling[] {Sampling.GREEDY, Sampling.PLAIN}) {
      assertThatExceptionOfType(NoTokenException.class)
          .isThrownBy(() -> next(sampling, 0, 4, 1, Double.NaN, 2))
          .withMessage("new token 5: the logit of token 1 is NaN");
      assertThatExceptionOfType(NoTokenException.class)
          .isThrownBy(() -> next(sampling, 0, 0, Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY))
          .withMessage("new token 1: the largest logit is -Infinity");
    }
    assertThatExceptionOfType(NoTokenException.class)
        .isThrownBy(() -> next(Sampling.PLAIN, 0, 0, 1, Double.POSITIVE_INFINITY))
        .withMessage("new token 1: the largest logit is Infinity");
    assertThat(next(Sampling.PLAIN, 0, 0, Double.NEGATIVE_INFINITY, 0)).isEqualTo(1);
  }

  @Test
  void numbersOutOfTheirRangeAreTold() {
    assertThatIllegalArgumentException().isThrownBy(() -> Sampling.PLAIN.withTemperature(-1))
        .withMessage("temperature: found -1.0, expected a number above 0");
    assertThatIllegalArgumentException().isThrownBy(() -> Sampling.PLAIN.withTopK(-1))
        .withMessage("top-k: found -1, expected a whole number of at least 1, or 0 for all");
    assertThatIllegalArgumentException().isThrownBy(() -> Sampling.PLAIN.withTopP(0))
        .withMessage("top-p: found 0.0, expected a number above 0 and at most 1");
    assertThatIllegalArgumentException().isThrownBy(() -> Sampling.PLAIN.withMinP(Double.NaN))
        .withMessage("min-p: found NaN, expected a number from 0 to 1");
    assertThatIllegalArgumentException().isThrownBy(() -> Sampling.PLAIN.withRepetitionPenalty(0))
        .withMessage("repetition penalty: found 0.0, expected a number above 0, 1 for none");
  }
}
