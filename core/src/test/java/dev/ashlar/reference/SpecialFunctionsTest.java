package dev.ashlar.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Op.Unary;
import dev.ashlar.tensor.Op.UnaryKind;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class SpecialFunctionsTest {

  /** A function's name, an argument, and the value to 53 bits. */
  private record Value(UnaryKind kind, double x, double expected) {
    static Value parse(String line) {
      String[] words = line.split(" ");
      return new Value(UnaryKind.valueOf(words[0].toUpperCase(Locale.ROOT)),
          Double.parseDouble(words[1]), Double.parseDouble(words[2]));
    }
  }

  @Test
  void areGoodToThreeUnitsInTheLastPlace() throws IOException {
    List<Value> values = values();
    assertThat(values).hasSizeGreaterThan(300);
    for (Value value : values) {
      double found = apply(value.kind(), NDArray.of(Shape.of(1), value.x()));
      assertThat(Math.abs(found - value.expected()) / Math.ulp(value.expected()))
          .as("%s(%s): %s, expected %s", value.kind(), value.x(), found, value.expected())
          .isLessThanOrEqualTo(3);
    }
  }

  @Test
  void areRoundedOnceToSinglePrecision() {
    for (float x : new float[] {-3.7f, -0.4f, 1e-4f, 0.3f, 0.9f, 2.2f}) {
      for (UnaryKind kind : List.of(UnaryKind.EXP, UnaryKind.ERF, UnaryKind.TANH, UnaryKind.SIGMOID)) {
        assertThat(apply(kind, NDArray.of(Shape.of(1), x)))
            .isEqualTo((double) (float) apply(kind, NDArray.of(Shape.of(1), (double) x)));
      }
    }
  }

  @Test
  void keepTheLimits() {
    double infinity = Double.POSITIVE_INFINITY;
    assertThat(apply(UnaryKind.ERF, NDArray.of(Shape.of(1), infinity))).isEqualTo(1);
    assertThat(apply(UnaryKind.ERF, NDArray.of(Shape.of(1), -infinity))).isEqualTo(-1);
    assertThat(apply(UnaryKind.ERF, NDArray.of(Shape.of(1), Double.NaN))).isNaN();
    assertThat(apply(UnaryKind.SIGMOID, NDArray.of(Shape.of(1), -infinity))).isEqualTo(0);
    assertThat(apply(UnaryKind.SIGMOID, NDArray.of(Shape.of(1), infinity))).isEqualTo(1);
    assertThat(apply(UnaryKind.SIGMOID, NDArray.of(Shape.of(1), Double.NaN))).isNaN();
  }

  private static double apply(UnaryKind kind, NDArray x) {
    return Reference.evaluate(Tensor.apply(new Unary(kind, Tensor.constant(x)))).get(0);
  }

  private static List<Value> values() throws IOException {
    var stream = SpecialFunctionsTest.class.getResourceAsStream("special.txt");
    try (var reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.US_ASCII))) {
      return reader.lines().map(Value::parse).toList();
    }
  }
}
