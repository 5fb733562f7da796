package dev.ashlar.io.transforms;

import dev.ashlar.config.Nearest;
import dev.ashlar.data.Dataset;
import dev.ashlar.model.Batch;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Looks at the features of examples: what the last axis of the input counts. */
final class Features {
  private static final int BATCH = 256;

  private Features() {}

  /** What is done with a number. */
  @FunctionalInterface
  interface Taker {
    void take(int feature, double value);
  }

  /** How many there are. */
  static int count(Dataset training, String transform) {
    var example = training.columns().get(Batch.INPUT);
    if (example != null && example.shape().rank() > 0) return example.shape().dim(-1);
    throw new IllegalArgumentException(transform + " needs inputs with features; there are " + training.columns());
  }

  /**
   * Shows every number of every example.
   *
   * @throws IllegalArgumentException if one is not finite: nothing could be learnt from it
   */
  static void each(Dataset training, int features, Taker taker) throws IOException {
    var example = training.columns().get(Batch.INPUT);
    var inputs = NDArray.zeros(example.withShape(example.shape().insert(0, BATCH)));
    var positions = new long[BATCH];
    for (long from = 0; from < training.size(); from += BATCH) {
      int count = (int) Math.min(BATCH, training.size() - from);
      for (int i = 0; i < count; i++) positions[i] = from + i;
      training.read(positions, count, Map.of(Batch.INPUT, inputs));
      long each = example.shape().size();
      for (long i = 0; i < count * each; i++) {
        int feature = (int) (i % features);
        double value = inputs.get(i);
        if (!Double.isFinite(value)) {
          var names = training.features();
          throw new IllegalArgumentException("finite numbers; feature "
              + (names.isEmpty() ? feature : "'" + names.get(feature) + "'") + " of example " + (from + i / each)
              + " to learn from is " + value);
        }
        taker.take(feature, value);
      }
    }
  }

  /**
   * Which features are meant: those of the named columns of a table, all if none is named.
   *
   * @throws IllegalArgumentException if there is no such column
   */
  static boolean[] chosen(Dataset training, int count, List<String> columns) {
    var chosen = new boolean[count];
    if (columns.isEmpty()) java.util.Arrays.fill(chosen, true);
    var names = training.features();
    for (var column : columns) {
      boolean found = false;
      for (int i = 0; i < names.size(); i++) {
        if (!isOf(names.get(i), column)) continue;
        chosen[i] = true;
        found = true;
      }
      if (!found) {
        var near = Nearest.advice(column, names);
        throw new IllegalArgumentException("columns that there are, not '" + column + "'"
            + (names.isEmpty() ? ": the features have no names" : near.isEmpty()
                ? ": one of " + String.join(", ", names.subList(0, Math.min(12, names.size()))) : ": " + near));
      }
    }
    return chosen;
  }

  /** A column of categories or dates has several features: {@code sex=f}, {@code joined.years}. */
  private static boolean isOf(String feature, String column) {
    return feature.equals(column) || feature.startsWith(column + "=") || feature.startsWith(column + ".");
  }

  /** One number for each feature, to compute with. */
  static Tensor constant(List<Double> values, Tensor like) {
    var array = NDArray.of(Shape.of(values.size()), values.stream().mapToDouble(Double::doubleValue).toArray());
    return Tensor.constant(array.cast(like.dtype()));
  }
}
