package dev.ashlar.config;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RangesTest {
  record Inner(@Range(atLeast = 1) int unitsOfIt) {}

  record Outer(@Range(above = 0, below = 1) float rate, Optional<Inner> inner, List<Inner> all,
      @Range(atMost = 5) Map<String, Double> named, @Range(atLeast = 2) List<Integer> sizes, String text) {}

  private static Outer outer(double rate, int inner, int second, double named, int size) {
    return new Outer((float) rate, Optional.of(new Inner(inner)), List.of(new Inner(1), new Inner(second)),
        Map.of("one", named), List.of(2, size), "");
  }

  private static void isRefused(Outer outer, String message) {
    assertThatThrownBy(() -> Ranges.check(outer)).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }

  @Test
  void numbersAreCheckedWhereverTheyAre() {
    assertThatCode(() -> Ranges.check(outer(0.1, 1, 1, 5, 2))).doesNotThrowAnyException();
    assertThatCode(() -> Ranges.check("no record")).doesNotThrowAnyException();
    isRefused(outer(1, 1, 1, 5, 2), "outer.rate: 1.0; expected: a number > 0 and < 1");
    isRefused(outer(Double.NaN, 1, 1, 5, 2), "outer.rate: NaN; expected: a number > 0 and < 1");
    isRefused(outer(0.1, 0, 1, 5, 2), "outer.inner.units_of_it: 0; expected: a number >= 1");
    isRefused(outer(0.1, 1, -1, 5, 2), "outer.all[1].units_of_it: -1; expected: a number >= 1");
    isRefused(outer(0.1, 1, 1, 5.5, 2), "outer.named.one: 5.5; expected: a number <= 5");
    isRefused(outer(0.1, 1, 1, 5, 1), "outer.sizes[1]: 1; expected: a number >= 2");
  }
}
