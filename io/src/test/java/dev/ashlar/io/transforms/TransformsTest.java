package dev.ashlar.io.transforms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.ashlar.config.Binder;
import dev.ashlar.config.Value;
import dev.ashlar.io.IoPlugin;
import dev.ashlar.io.data.Datasets;
import dev.ashlar.model.Precision;
import dev.ashlar.model.Trace;
import dev.ashlar.model.Transform;
import dev.ashlar.plugin.Registry;
import dev.ashlar.reference.Reference;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TransformsTest {
  private static final Binder BINDER = new Binder(Registry.of(new IoPlugin()), Path.of(""));

  private static NDArray apply(Transform transform, NDArray x) {
    var scope = Trace.inference(Precision.F32).root();
    return Reference.evaluate(transform.forward(Tensor.constant(x), scope));
  }

  private static Transform bound(String text) {
    return BINDER.bind(Value.parse(text, "test"), Transform.class).orThrow();
  }

  @Test
  void divideMakesFractionsOfWholeNumbers() {
    var bytes = NDArray.of(Shape.of(1, 3), 0, 8, 255).cast(DType.U8);

    assertThat(bound("{divide: 16}")).isEqualTo(new Divide(16));
    assertThat(apply(new Divide(16), bytes).type()).isEqualTo(TensorType.of(DType.F32, 1, 3));
    assertThat(apply(new Divide(16), bytes).toDoubles()).containsExactly(0, 0.5, 15.9375);
    assertThat(apply(new Divide(2), NDArray.of(Shape.of(1), 3.0)).dtype()).isEqualTo(DType.F32);
    assertThatThrownBy(() -> new Divide(0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void rescaleGivesNumbersTheirUnits() {
    var x = NDArray.of(Shape.of(1, 3), -1, 0, 2).cast(DType.U8);
    assertThat(bound("{rescale: {scale: 2, offset: -3}}")).isEqualTo(new Rescale(2, -3));
    assertThat(bound("{rescale: 2}")).isEqualTo(new Rescale(2, 0));
    assertThat(apply(new Rescale(2, -3), NDArray.of(Shape.of(1, 3), -1f, 0f, 2.5f)).toDoubles())
        .containsExactly(-5, -3, 2);
    assertThat(apply(new Rescale(0.5, 1), x).type()).isEqualTo(TensorType.of(DType.F32, 1, 3));
    assertThatThrownBy(() -> new Rescale(0, 1)).hasMessageContaining("'scale'");
    assertThatThrownBy(() -> new Rescale(1, Double.NaN)).hasMessageContaining("'offset'");
  }

  @Test
  void standardizeLearnsFromTheTrainingExamples() throws IOException {
    int rows = 600;
    var numbers = new float[rows * 3];
    for (int i = 0; i < rows; i++) {
      numbers[3 * i] = 1e6f + i % 2;
      numbers[3 * i + 1] = i;
      numbers[3 * i + 2] = 5;
    }
    var input = NDArray.of(Shape.of(rows, 3), numbers);
    var fitted = (Standardize) bound("standardize").fit(Datasets.of(Map.of("input", input)));

    assertThat(fitted.mean()).containsExactly(1e6 + 0.5, 299.5, 5.0);
    assertThat(fitted.deviation().get(0)).isEqualTo(0.5);
    assertThat(fitted.deviation().get(1)).isCloseTo(Math.sqrt((600.0 * 600 - 1) / 12), within(1e-9));
    assertThat(fitted.deviation().get(2)).isEqualTo(1);
    assertThat(apply(fitted, input.rows(1, 2)).toDoubles()[0]).isCloseTo(1, within(1e-6));
    assertThat(apply(fitted, input.rows(1, 2)).toDoubles()[2]).isZero();
    assertThat(fitted.fit(Datasets.of(Map.of("input", input)))).isSameAs(fitted);
    assertThat(BINDER.bind(BINDER.write(fitted, Transform.class), Transform.class).orThrow())
        .isEqualTo(fitted);
  }

  @Test
  void nothingIsLearntFromWhatIsNoNumber() {
    var numbers = new float[2000];
    numbers[1203] = Float.NaN;
    var data = Datasets.of(Map.of("input", NDArray.of(Shape.of(1000, 2), numbers)));
    for (Transform transform : List.of(new Standardize(), new MinMax())) {
      assertThatThrownBy(() -> transform.fit(data)).isInstanceOf(IllegalArgumentException.class)
          .hasMessage("finite numbers; feature 1 of example 601 to learn from is NaN");
    }
    assertThatThrownBy(() -> new Standardize(List.of(Double.NaN), List.of(1.0)))
        .isInstanceOf(IllegalArgumentException.class).hasMessage("finite means");
  }

  @Test
  void standardizeWithoutNumbersSaysSo() {
    assertThatThrownBy(() -> apply(new Standardize(), NDArray.of(Shape.of(1), 1f)))
        .hasMessage("standardize has not seen the training examples: call fit first");
    assertThatThrownBy(() -> new Standardize(List.of(1.0), List.of(0.0)))
        .hasMessage("finite deviations above 0");
    assertThatThrownBy(() -> new Standardize(List.of(1.0), List.of()))
        .hasMessage("as many means as deviations");
  }

  /** {@code MinMaxScaler((-1, 1)).fit_transform([[1, 5, 0], [3, 5, 10], [2, 5, 2]])} of scikit-learn 1.7. */
  @Test
  void minMaxLearnsFromTheTrainingExamples() throws IOException {
    var input = NDArray.of(Shape.of(3, 3), 1f, 5, 0, 3, 5, 10, 2, 5, 2);
    var data = Datasets.of(Map.of("input", input), List.of(), List.of("a", "b=x", "c.years"));
    var fitted = (MinMax) bound("{min_max: {low: -1}}").fit(data);

    assertThat(apply(fitted, input).toFloats()).containsExactly(-1, -1, -1, 1, -1, 1, 0, -1, -0.6f);
    assertThat(fitted.fit(data)).isSameAs(fitted);
    assertThat(BINDER.bind(BINDER.write(fitted, Transform.class), Transform.class).orThrow()).isEqualTo(fitted);
    assertThatThrownBy(() -> apply(new MinMax(), input)).hasMessageContaining("call fit first");
    assertThatThrownBy(() -> new MinMax(1, 1, List.of(), List.of(), List.of())).hasMessageContaining("below");
  }

  /** What is the same everywhere and large, and what is not chosen. */
  @Test
  void minMaxLosesNothing() throws IOException {
    var input = NDArray.of(Shape.of(2, 2), 1.7e9f, 1e-8f, 1.7e9f, 3e-8f);
    var data = Datasets.of(Map.of("input", input), List.of(), List.of("a", "b"));
    assertThat(apply(bound("{min_max: {low: -1, columns: [a]}}").fit(data), input).toFloats())
        .containsExactly(-1, 1e-8f, -1, 3e-8f);
  }

  @Test
  void columnsMayBeChosen() throws IOException {
    var input = NDArray.of(Shape.of(3, 3), 1f, 5, 0, 3, 6, 10, 2, 7, 2);
    var data = Datasets.of(Map.of("input", input), List.of(), List.of("a", "b=x", "c.years"));
    assertThat(apply(bound("{min_max: {columns: [c, b]}}").fit(data), input).toFloats())
        .containsExactly(1, 0, 0, 3, 0.5f, 1, 2, 1, 0.2f);
    var standardized = apply(bound("{standardize: {columns: [a]}}").fit(data), input).toFloats();
    assertThat(standardized[0]).isCloseTo((float) -Math.sqrt(1.5), within(1e-6f));
    assertThat(standardized[1]).isEqualTo(5);
    assertThatThrownBy(() -> bound("{standardize: {columns: [aa]}}").fit(data))
        .hasMessage("columns that there are, not 'aa': one of a, b=x, c.years");
  }

  @Test
  void inputsDealsFeaturesOutByTheNamesOfTheirColumns() throws IOException {
    var data = Datasets.of(Map.of("input", NDArray.of(Shape.of(2, 4), 1, 2, 3, 4, 5, 6, 7, 8).cast(DType.F32)),
        List.of(), List.of("age", "sex=f", "sex=m", "height"));
    var fitted = bound("{inputs: {columns: {body: [height, age], who: [sex, age]}}}").fit(data);

    assertThat(((Inputs) fitted).positions()).isEqualTo(Map.of("body", List.of(3, 0), "who", List.of(1, 2, 0)));
    var scope = Trace.inference(Precision.F32).root();
    var given = Tensors.of("input", Tensor.constant(NDArray.of(Shape.of(1, 4), 1, 2, 3, 4)))
        .with("lengths", Tensor.constant(NDArray.of(Shape.of(1), 9)));
    var dealt = fitted.forward(given, scope);
    assertThat(dealt.names()).containsExactly("body", "who", "lengths");
    assertThat(Reference.evaluate(dealt.get("body")).toDoubles()).containsExactly(4, 1);
    assertThat(Reference.evaluate(dealt.get("who")).toDoubles()).containsExactly(2, 3, 1);
    assertThat(BINDER.bind(BINDER.write(fitted, Transform.class), Transform.class).orThrow()).isEqualTo(fitted);

    assertThatThrownBy(() -> bound("{inputs: {columns: {body: [height, sex]}}}").fit(data))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("in none are age");
    assertThatThrownBy(() -> bound("{inputs: {columns: {body: [hieght]}}}").fit(data))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("did you mean 'height'?");
  }
}
