package com.acme.quantum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ashlar.tensor.NDArray;
import dev.ashlar.testkit.ExpectedNumbers;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The circuit and its gradients are those that matrices of the whole state give: circuit_numbers.py. */
class CircuitOpTest {

  @TestFactory
  Stream<DynamicTest> numbers() {
    return ExpectedNumbers.read(CircuitOpTest.class, "circuit_numbers.txt").values().stream()
        .map(expected -> DynamicTest.dynamicTest(expected.name(), () -> check(expected)));
  }

  private static void check(ExpectedNumbers expected) {
    NDArray x = expected.arrays().get("x");
    NDArray angles = expected.arrays().get("angles");
    int layers = angles.shape().dim(0);
    NDArray y = NDArray.zeros(x.type());
    new CircuitOp(layers).evaluate(List.of(x, angles), List.of(y));
    same(y, expected.arrays().get("y"));

    NDArray ofX = NDArray.zeros(x.type());
    NDArray ofAngles = NDArray.zeros(angles.type());
    new CircuitOp.Gradient(layers).evaluate(
        List.of(x, angles, expected.arrays().get("weights")), List.of(ofX, ofAngles));
    same(ofX, expected.arrays().get("of_x"));
    same(ofAngles, expected.arrays().get("of_angles"));
  }

  private static void same(NDArray found, NDArray expected) {
    assertThat(found.type()).isEqualTo(expected.type());
    for (long i = 0; i < found.size(); i++) {
      assertThat(found.get(i)).isCloseTo(expected.get(i), within(1e-12));
    }
  }
}
