package dev.ashlar.layers.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.ashlar.layers.LayersPlugin;
import dev.ashlar.model.Batch;
import dev.ashlar.model.Metric;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import dev.ashlar.testkit.ExpectedNumbers;
import dev.ashlar.testkit.MeasuredBatch;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class MetricsTest {

  private static double measure(Metric metric, MeasuredBatch... batches) {
    return metric.result(MeasuredBatch.statistics(metric, List.of(batches)));
  }

  private static MeasuredBatch batch(NDArray output, NDArray target, float... weights) {
    return new MeasuredBatch(output, target, NDArray.of(Shape.of(weights.length), weights));
  }

  private static Map<String, Metric> metrics() {
    Map<String, Metric> metrics = new HashMap<>(Map.of("top_k", new TopK(2), "r2", new R2(),
        "root_mean_squared_error", new RootMeanSquaredError(), "accuracy_labels", new Accuracy(),
        "confusion_matrix", new ConfusionMatrix(), "confusion_matrix_binary", new ConfusionMatrix(),
        "specificity_macro", new Specificity(), "specificity_binary", new Specificity(),
        "balanced_accuracy", new BalancedAccuracy(), "balanced_accuracy_binary", new BalancedAccuracy()));
    metrics.putAll(Map.of("auroc", new Auroc(), "auroc_binary", new Auroc(), "auroc_two_classes", new Auroc(),
        "auroc_labels", new Auroc(), "auroc_labels_by_class", new Auroc(), "average_precision", new AveragePrecision(),
        "average_precision_binary", new AveragePrecision(), "average_precision_labels", new AveragePrecision()));
    metrics.put("accuracy_binary", new Accuracy());
    metrics.putAll(Map.of("perplexity", new Perplexity(), "calibration_error", new CalibrationError(),
        "calibration_error_4_bins", new CalibrationError(4), "calibration_error_binary", new CalibrationError()));
    for (Average average : List.of(Average.WEIGHTED, Average.MICRO)) {
      String how = average.name().toLowerCase(Locale.ROOT);
      for (String of : List.of("", "labels_")) {
        metrics.put("auroc_" + of + how, new Auroc(average));
        metrics.put("average_precision_" + of + how, new AveragePrecision(average));
      }
    }
    for (Average average : Average.values()) {
      metrics.put("jaccard_" + average.name().toLowerCase(Locale.ROOT), new Jaccard(average));
    }
    metrics.putAll(Map.of("jaccard_binary", new Jaccard(), "jaccard_labels_macro", new Jaccard(),
        "matthews_correlation", new MatthewsCorrelation(), "matthews_correlation_binary", new MatthewsCorrelation(),
        "cohen_kappa", new CohenKappa(), "cohen_kappa_binary", new CohenKappa(),
        "accuracy", new Accuracy(), "mean_squared_error", new MeanSquaredError(),
        "mean_absolute_error", new MeanAbsoluteError(),
        "mean_absolute_percentage_error", new MeanAbsolutePercentageError()));
    Map<String, Function<Average, Metric>> averaged =
        Map.of("precision", Precision::new, "recall", Recall::new, "f1", F1::new);
    averaged.forEach((name, of) -> {
      metrics.put(name + "_binary", of.apply(Average.MACRO));
      metrics.put(name + "_by_class", of.apply(Average.MACRO));
      for (Average average : Average.values()) {
        String how = average.name().toLowerCase(Locale.ROOT);
        metrics.put(name + "_" + how, of.apply(average));
        metrics.put(name + "_labels_" + how, of.apply(average));
      }
    });
    return metrics;
  }

  /** sklearn_numbers.py wrote the numbers: one for a metric, or some for each class. */
  @TestFactory
  Stream<DynamicTest> they_are_those_of_scikit_learn() {
    Map<String, ExpectedNumbers> cases = ExpectedNumbers.read(LayersPlugin.class, "sklearn_numbers.txt");
    assertThat(metrics().keySet()).isEqualTo(cases.keySet());
    return cases.values().stream().map(numbers -> DynamicTest.dynamicTest(numbers.name(), () -> {
      Metric metric = metrics().get(numbers.name());
      NDArray output = numbers.get("output");
      var statistics = MeasuredBatch.statistics(metric, List.of(MeasuredBatch.of(output, numbers.get("target"))));
      NDArray expected = numbers.get("value");
      if (expected.shape().rank() == 0) {
        assertThat(metric.result(statistics)).isCloseTo(expected.item(), within(1e-6));
        return;
      }
      double[][] rows = metric.byClass(statistics).orElseThrow().rows();
      double[] found = Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
      assertThat(found).containsExactly(expected.toDoubles(), within(1e-6));
    }));
  }

  @Test
  void as_many_guesses_as_classes_say_nothing() {
    Batch batch = Batch.of(Tensor.zeros(TensorType.of(DType.F32, 2, 3)), Tensor.zeros(TensorType.of(DType.I32, 2)));
    assertThatThrownBy(() -> new TopK(3).statistics(Tensors.of(batch.columns().get(Batch.INPUT)), batch))
        .hasMessageStartingWith("top_k: expected fewer guesses than there are classes: below 3, found 3 guesses");
  }

  @Test
  void a_confusion_matrix_is_the_accuracy_as_one_number() {
    NDArray output = NDArray.of(Shape.of(4, 2), 0f, 1, 2, 1, 3, 1, 0, 1);
    MeasuredBatch four = batch(output, NDArray.of(Shape.of(4), 1, 0, 1, -100), 1, 1, 1, 1);
    assertThat(measure(new ConfusionMatrix(), four)).isCloseTo(2 / 3.0, within(1e-6));
    assertThat(measure(new Accuracy(), four)).isCloseTo(2 / 3.0, within(1e-6));
  }

  @Test
  void sorted_scores_may_come_in_any_batches_and_count_as_their_weights_say() {
    NDArray output = NDArray.of(Shape.of(5, 1), 0.5f, -1, 2, 0.5f, -3);
    NDArray target = NDArray.of(Shape.of(5), 1, 0, 0, 0, 1);
    MeasuredBatch whole = MeasuredBatch.of(output, target);
    // Pairs of a yes and a no: (0.5, -1) is right, (0.5, 2) wrong, (0.5, 0.5) half; the lowest yes is below all.
    assertThat(measure(new Auroc(), whole)).isEqualTo(1.5 / 6);
    assertThat(measure(new Auroc(), whole.rows(0, 2), whole.rows(2, 5))).isEqualTo(1.5 / 6);
    assertThat(measure(new Auroc(), whole.without(4))).isEqualTo(1.5 / 3);
    assertThat(measure(new Auroc(), batch(output, target, 2, 1, 1, 1, 1))).isEqualTo(3 / 9.0);
    assertThat(measure(new Auroc(), whole.rows(1, 3))).isNaN();
    assertThat(measure(new AveragePrecision(), whole.rows(1, 3))).isNaN();
    assertThat(new Auroc().byClass(MeasuredBatch.statistics(new Auroc(), List.of(whole)))).isEmpty();
  }

  @Test
  void what_has_no_confusion_matrix_says_so() {
    Batch labels = Batch.of(Tensor.zeros(TensorType.of(DType.F32, 2, 3)), Tensor.zeros(TensorType.of(DType.F32, 2, 3)));
    assertThatThrownBy(() -> new ConfusionMatrix().statistics(Tensors.of(labels.target()), labels))
        .hasMessage("confusion_matrix: expected a class for each row of the output, found target f32[2, 3] for output"
            + " f32[2, 3]; of several labels 'precision' and 'recall' say how well each is told");
    Tensor wide = Tensor.zeros(TensorType.of(DType.F32, 2, 1001));
    Batch many = Batch.of(wide, Tensor.zeros(TensorType.of(DType.I32, 2)));
    assertThatThrownBy(() -> new ConfusionMatrix().statistics(Tensors.of(wide), many))
        .hasMessageStartingWith("confusion_matrix: expected at most 1000 classes");
    Tensor one = Tensor.zeros(TensorType.of(DType.F32, 2, 1));
    assertThatThrownBy(() -> new Perplexity().statistics(Tensors.of(one), many))
        .hasMessageStartingWith("perplexity: expected scores of two classes or more");
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
