package dev.ashlar.layers.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ashlar.layers.LayersPlugin;
import dev.ashlar.model.Batch;
import dev.ashlar.model.Metric;
import dev.ashlar.reference.Reference;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.Tensors;
import dev.ashlar.testkit.ExpectedNumbers;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MetricsTest {

  /** Statistics of the batches added up, as an evaluation does. */
  private static double measure(Metric metric, NDArray[]... batches) {
    Map<String, double[]> sums = new HashMap<>();
    for (NDArray[] b : batches) {
      Batch batch = new Batch(Tensors.of(
          Batch.TARGET, Tensor.constant(b[1]), Batch.WEIGHT, Tensor.constant(b[2])));
      metric.statistics(Tensors.of(Tensor.constant(b[0])), batch).asMap().forEach((name, statistic) -> {
        double[] values = Reference.evaluate(statistic).toDoubles();
        sums.merge(name, values, (x, y) -> {
          for (int i = 0; i < x.length; i++) {
            x[i] += y[i];
          }
          return x;
        });
      });
    }
    return metric.result(sums);
  }

  private static NDArray[] batch(NDArray output, NDArray target, float... weights) {
    return new NDArray[] {output, target, NDArray.of(Shape.of(weights.length), weights)};
  }

  /** sklearn_numbers.py wrote the numbers. */
  @Test
  void they_are_those_of_scikit_learn() {
    Map<String, Metric> metrics = new HashMap<>(Map.of("top_k", new TopK(2), "r2", new R2(),
        "root_mean_squared_error", new RootMeanSquaredError(), "precision_binary", new Precision(),
        "recall_binary", new Recall(), "f1_binary", new F1()));
    for (Average average : Average.values()) {
      String name = average.name().toLowerCase(Locale.ROOT);
      metrics.put("precision_" + name, new Precision(average));
      metrics.put("recall_" + name, new Recall(average));
      metrics.put("f1_" + name, new F1(average));
    }
    ExpectedNumbers.read(LayersPlugin.class, "sklearn_numbers.txt").forEach((name, numbers) -> {
      NDArray output = numbers.get("output");
      float[] ones = new float[output.shape().dim(0)];
      Arrays.fill(ones, 1);
      double found = measure(metrics.remove(name), batch(output, numbers.get("target"), ones));
      assertThat(found).as(name).isCloseTo(numbers.get("value").item(), within(1e-6));
    });
    assertThat(metrics).isEmpty();
  }

  @Test
  void accuracy_counts_hits_over_batches_and_skips_padding() {
    double accuracy = measure(new Accuracy(),
        batch(NDArray.of(Shape.of(2, 3), 0f, 2, 1, 5, 1, 1), NDArray.of(Shape.of(2), 1, 2), 1, 1),
        batch(NDArray.of(Shape.of(2, 3), 0f, 2, 3, 5, 1, 1), NDArray.of(Shape.of(2), 2, 2), 1, 0));
    assertThat(accuracy).isCloseTo(2 / 3.0, within(1e-6));
    assertThat(new Accuracy().largerIsBetter()).isTrue();
  }

  @Test
  void accuracy_of_a_sequence_is_that_of_its_tokens() {
    double accuracy = measure(new Accuracy(),
        batch(NDArray.of(Shape.of(1, 2, 2), 0f, 1, 0, 1), NDArray.of(Shape.of(1, 2), 1, 0), 1));
    assertThat(accuracy).isEqualTo(0.5);
  }

  @Test
  void one_logit_beside_a_real_target_says_whether_it_is_above_a_half() {
    double accuracy = measure(new Accuracy(),
        batch(NDArray.of(Shape.of(4, 1), -1f, 2, 3, -4), NDArray.of(Shape.of(4, 1), 0.2f, 0.7f, 0.3f, 0), 1, 1, 1, 1));
    assertThat(accuracy).isEqualTo(0.75);
  }

  @Test
  void one_logit_says_yes_or_no() {
    double accuracy = measure(new Accuracy(),
        batch(NDArray.of(Shape.of(4, 1), 2f, -1, 3, -4), NDArray.of(Shape.of(4), 1, 0, 0, 0), 1, 1, 1, 1));
    assertThat(accuracy).isEqualTo(0.75);
  }

  @Test
  void mean_absolute_error_skips_padding() {
    double error = measure(new MeanAbsoluteError(),
        batch(NDArray.of(Shape.of(3, 1), 1f, 2, 9), NDArray.of(Shape.of(3), 2f, 5, 0), 1, 1, 0));
    assertThat(error).isCloseTo(2, within(1e-6));
  }
}
