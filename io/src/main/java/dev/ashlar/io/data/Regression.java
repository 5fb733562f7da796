package dev.ashlar.io.data;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.data.DataSource;
import dev.ashlar.data.Dataset;
import dev.ashlar.model.Batch;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A smooth rule with noise, which a small network can learn. Input x: f32[features], uniform in [0, 1).
 * Target: f32[targets], each 1 / (1 + (w . (x - 1/2) + noise)^2) for a random w of length about 3: from 0 to
 * 1, a ridge.
 *
 * @param noise standard deviation of what is added before the square
 */
@Name("regression")
@Doc("targets from 0 to 1 that follow from the inputs by a smooth rule with noise")
public record Regression(
    @Doc("number of examples") @Default("1000") @Range(atLeast = 1) int rows,
    @Doc("numbers in an input") @Default("10") @Range(atLeast = 1) int features,
    @Doc("numbers in a target") @Default("1") @Range(atLeast = 1) int targets,
    @Doc("how much chance there is in a target") @Default("0.05") @Range(atLeast = 0) double noise,
    @Doc("another seed, another rule and other numbers") @Default("0") long seed)
    implements DataSource {

  /** Refuses more numbers than an array holds. */
  public Regression {
    ArraySize.check("'rows' times 'features'", rows, features);
    ArraySize.check("'rows' times 'targets'", rows, targets);
  }

  @Override
  public Dataset open() {
    var weights = new double[targets][features];
    var rule = new RandomStream(seed, "rule");
    for (var row : weights) {
      for (int i = 0; i < features; i++) row[i] = rule.normal() * 3 / Math.sqrt(features);
    }
    var inputs = new float[rows * features];
    var outputs = new float[rows * targets];
    for (int row = 0; row < rows; row++) {
      var random = new RandomStream(seed, "example", row);
      for (int i = 0; i < features; i++) inputs[row * features + i] = random.uniform();
      for (int t = 0; t < targets; t++) {
        double sum = noise * random.normal();
        for (int i = 0; i < features; i++) sum += weights[t][i] * (inputs[row * features + i] - 0.5);
        outputs[row * targets + t] = (float) (1 / (1 + sum * sum));
      }
    }
    Map<String, NDArray> columns = new LinkedHashMap<>();
    columns.put(Batch.INPUT, NDArray.of(Shape.of(rows, features), inputs));
    columns.put(Batch.TARGET, NDArray.of(Shape.of(rows, targets), outputs));
    return Datasets.of(columns);
  }
}
