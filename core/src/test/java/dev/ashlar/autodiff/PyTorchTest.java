package dev.ashlar.autodiff;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.reference.Reference;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Results and gradients of every operation are those of PyTorch. */
class PyTorchTest {

  static List<OperationCase> cases() {
    return OperationCase.all();
  }

  static Stream<OperationCase> differentiable() {
    return cases().stream().filter(OperationCase::isDifferentiable);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void resultsInDoublePrecision(OperationCase c) {
    assertResult(c, 1e-10);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void resultsInSinglePrecision(OperationCase c) {
    assertResult(c.in(DType.F32), 1e-5);
  }

  @ParameterizedTest
  @MethodSource("differentiable")
  void gradientsInDoublePrecision(OperationCase c) {
    assertGradients(c, 1e-10);
  }

  @ParameterizedTest
  @MethodSource("differentiable")
  void gradientsInSinglePrecision(OperationCase c) {
    assertGradients(c.in(DType.F32), 1e-5);
  }

  private static void assertResult(OperationCase c, double tolerance) {
    assertClose(Reference.evaluate(c.function().apply(c.inputs()), c.arguments()), c.result(), tolerance);
  }

  private static void assertGradients(OperationCase c, double tolerance) {
    List<Tensor> inputs = c.inputs();
    List<Tensor> gradients = Gradients.of(c.scalar(inputs), OperationCase.floating(inputs));

    List<NDArray> found = new ArrayList<>(Reference.evaluate(gradients, c.arguments()));

    assertThat(found).hasSameSizeAs(c.gradients());
    for (int i = 0; i < found.size(); i++) {
      assertClose(found.get(i), c.gradients().get(i), tolerance);
    }
  }

  private static void assertClose(NDArray found, NDArray expected, double tolerance) {
    assertThat(found.shape()).extracting(Shape::toString).isEqualTo(expected.shape().toString());
    for (long i = 0; i < found.size(); i++) {
      assertThat(Math.abs(found.get(i) - expected.get(i)) / Math.max(1, Math.abs(expected.get(i))))
          .as("element %d: %s, expected %s", i, found.get(i), expected.get(i))
          .isLessThanOrEqualTo(tolerance);
    }
  }
}
