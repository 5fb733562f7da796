package dev.ashlar.autodiff;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.reference.Reference;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Gradients, and gradients of gradients, agree with central differences. */
class GradientCheckTest {

  private static final double STEP = 1e-5;
  private static final double TOLERANCE = 1e-6;

  static Stream<OperationCase> smooth() {
    return OperationCase.all().stream().filter(c -> c.isDifferentiable() && !c.isEdge() && !c.name().equals("detach"));
  }

  @ParameterizedTest
  @MethodSource("smooth")
  void firstOrder(OperationCase c) {
    List<Tensor> inputs = c.inputs();
    assertAgrees(c.scalar(inputs), inputs, c.arguments());
  }

  @ParameterizedTest
  @MethodSource("smooth")
  void secondOrder(OperationCase c) {
    List<Tensor> inputs = c.inputs();
    assertAgrees(slope(c.scalar(inputs), inputs, 1), inputs, c.arguments());
  }

  @ParameterizedTest
  @MethodSource("smooth")
  void thirdOrder(OperationCase c) {
    List<Tensor> inputs = c.inputs();
    Tensor curvature = slope(slope(c.scalar(inputs), inputs, 1), inputs, 2);
    assertAgrees(curvature, inputs, c.arguments());
  }

  /** The derivative of a scalar in a random direction: a scalar again. */
  private static Tensor slope(Tensor scalar, List<Tensor> inputs, long seed) {
    Random random = new Random(seed);
    return Gradients.of(scalar, OperationCase.floating(inputs)).stream()
        .map(g -> g.mul(Tensor.constant(direction(g, random))).sum())
        .reduce(Tensor::add)
        .orElseThrow();
  }

  /** Compares the gradient with differences along a few random directions. */
  private static void assertAgrees(Tensor scalar, List<Tensor> inputs, Map<String, NDArray> at) {
    List<Tensor> wrt = OperationCase.floating(inputs);
    List<NDArray> gradients = Reference.evaluate(Gradients.of(scalar, wrt), at);
    Random random = new Random(3);
    for (int trial = 0; trial < 4; trial++) {
      List<NDArray> directions = wrt.stream().map(t -> direction(t, random)).toList();
      double expected = difference(scalar, inputs, at, directions);
      double found = 0;
      for (int i = 0; i < gradients.size(); i++) {
        for (long j = 0; j < gradients.get(i).size(); j++) {
          found += gradients.get(i).get(j) * directions.get(i).get(j);
        }
      }
      assertThat(Math.abs(found - expected) / Math.max(1, Math.max(Math.abs(found), Math.abs(expected))))
          .as("gradient %s, difference %s in direction %d", found, expected, trial)
          .isLessThan(TOLERANCE);
    }
  }

  private static NDArray direction(Tensor like, Random random) {
    NDArray direction = NDArray.zeros(like.type());
    for (long i = 0; i < direction.size(); i++) {
      direction.set(i, random.nextGaussian());
    }
    return direction;
  }

  private static double difference(
      Tensor scalar, List<Tensor> inputs, Map<String, NDArray> at, List<NDArray> directions) {
    double above = Reference.evaluate(scalar, moved(inputs, at, directions, STEP)).item();
    double below = Reference.evaluate(scalar, moved(inputs, at, directions, -STEP)).item();
    return (above - below) / (2 * STEP);
  }

  private static Map<String, NDArray> moved(
      List<Tensor> inputs, Map<String, NDArray> at, List<NDArray> directions, double step) {
    Map<String, NDArray> moved = new LinkedHashMap<>(at);
    int next = 0;
    for (int i = 0; i < inputs.size(); i++) {
      if (inputs.get(i).dtype().isFloating()) {
        NDArray value = at.get("x" + i).copy();
        NDArray direction = directions.get(next++);
        for (long j = 0; j < value.size(); j++) {
          value.set(j, value.get(j) + step * direction.get(j));
        }
        moved.put("x" + i, value);
      }
    }
    return moved;
  }
}
