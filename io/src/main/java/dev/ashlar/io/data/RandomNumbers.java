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
 * Numbers in [0, 1) without any rule: a model can only learn them by heart. Input: f32[features]. Target:
 * f32[targets].
 */
@Name("random")
@Doc("random inputs and targets from 0 to 1, to be learnt by heart")
public record RandomNumbers(
    @Doc("number of examples") @Default("100") @Range(atLeast = 1) int rows,
    @Doc("numbers in an input") @Default("10") @Range(atLeast = 1) int features,
    @Doc("numbers in a target") @Default("1") @Range(atLeast = 1) int targets,
    @Doc("another seed, other numbers") @Default("0") long seed)
    implements DataSource {

  /** Refuses more numbers than an array holds. */
  public RandomNumbers {
    ArraySize.check("'rows' times 'features'", rows, features);
    ArraySize.check("'rows' times 'targets'", rows, targets);
  }

  @Override
  public Dataset open() {
    Map<String, NDArray> columns = new LinkedHashMap<>();
    columns.put(Batch.INPUT, uniform("input", features));
    columns.put(Batch.TARGET, uniform("target", targets));
    return Datasets.of(columns);
  }

  private NDArray uniform(String purpose, int width) {
    var values = new float[rows * width];
    var random = new RandomStream(seed, purpose);
    for (int i = 0; i < values.length; i++) values[i] = random.uniform();
    return NDArray.of(Shape.of(rows, width), values);
  }
}
