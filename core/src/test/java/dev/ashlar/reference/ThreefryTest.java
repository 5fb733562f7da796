package dev.ashlar.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.tensor.Key;
import dev.ashlar.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThreefryTest {

  /** The known answers that the authors of Random123 publish: key, counter, block. */
  @ParameterizedTest
  @CsvSource({
    "00000000, 00000000, 00000000, 00000000, 6b200159, 99ba4efe",
    "ffffffff, ffffffff, ffffffff, ffffffff, 1cb996fc, bb002be7",
    "13198a2e, 03707344, 243f6a88, 85a308d3, c4923a9c, 483df7a0",
  })
  void givesThePublishedAnswers(String k0, String k1, String c0, String c1, String x0, String x1) {
    long block = Threefry.block(word(k0), word(k1), word(c0), word(c1));

    assertThat((int) block).isEqualTo(word(x0));
    assertThat((int) (block >>> 32)).isEqualTo(word(x1));
  }

  @Test
  void anElementDependsOnItsPositionAlone() {
    Key key = Key.of(42);
    int[] few = Reference.evaluate(key.bits(Shape.of(5))).toInts();
    int[] many = Reference.evaluate(key.bits(Shape.of(3, 7))).toInts();

    assertThat(many).startsWith(few);
    assertThat(many[20]).isEqualTo((int) Threefry.block(42, 0, 20, 0));
  }

  private static int word(String hex) {
    return Integer.parseUnsignedInt(hex, 16);
  }
}
