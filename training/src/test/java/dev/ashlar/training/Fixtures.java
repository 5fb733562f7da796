package dev.ashlar.training;

import dev.ashlar.data.Dataset;
import dev.ashlar.io.data.Datasets;
import dev.ashlar.io.data.Regression;
import dev.ashlar.layers.Dense;
import dev.ashlar.layers.Dropout;
import dev.ashlar.layers.Sequential;
import dev.ashlar.layers.activations.Activations;
import dev.ashlar.layers.losses.CrossEntropy;
import dev.ashlar.layers.losses.MeanSquaredError;
import dev.ashlar.layers.metrics.Accuracy;
import dev.ashlar.model.Batch;
import dev.ashlar.optimizers.Adam;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Small tasks. */
final class Fixtures {

  private Fixtures() {}

  static Dataset numbers(int rows) {
    return new Regression(rows, 4, 1, 0.01, 0).open();
  }

  static Task regression() {
    return Task.of(
        Sequential.of(Dense.of(6).withActivation(Activations.TANH), new Dropout(0.1), Dense.of(1)),
        new MeanSquaredError(), Adam.of(0.01));
  }

  /** Two classes on either side of a line. */
  static Dataset classes(int rows) {
    Random random = new Random(1);
    float[] inputs = new float[rows * 2];
    int[] targets = new int[rows];
    for (int i = 0; i < rows; i++) {
      inputs[2 * i] = (float) random.nextGaussian();
      inputs[2 * i + 1] = (float) random.nextGaussian();
      targets[i] = inputs[2 * i] + inputs[2 * i + 1] > 0 ? 1 : 0;
    }
    Map<String, NDArray> columns = new LinkedHashMap<>();
    columns.put(Batch.INPUT, NDArray.of(Shape.of(rows, 2), inputs));
    columns.put(Batch.TARGET, NDArray.of(Shape.of(rows), targets));
    return Datasets.of(columns, List.of("below", "above"), List.of("x", "y"));
  }

  static Task classification() {
    return Task.of(Sequential.of(Dense.of(2)), new CrossEntropy(), Adam.of(0.05)).withMetrics(new Accuracy());
  }
}
