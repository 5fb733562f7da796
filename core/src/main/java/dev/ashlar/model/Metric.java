package dev.ashlar.model;

import dev.ashlar.api.Stable;
import dev.ashlar.tensor.Tensors;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A measure of quality: statistics of each batch, computed in the graph; merged over all batches they make the result,
 * on the host. Most statistics are added up; those that must be seen together are {@linkplain #kept kept}.
 */
@Stable
public interface Metric {

  /**
   * Statistics of a batch that may be added up over batches; they obey the example weights.
   *
   * @param outputs what the model gave; the first is the main one
   * @param batch what it was given, targets and weights included
   */
  Tensors statistics(Tensors outputs, Batch batch);

  /**
   * Names of the statistics that are kept for every example instead of added up, such as scores that must be sorted all
   * together. Each is [batch, ..], the examples of padding included, so weights are kept beside them. While data are
   * gone through they take 8 bytes a number.
   */
  default Set<String> kept() {
    return Set.of();
  }

  /**
   * The measure.
   *
   * @param statistics row-major, in double precision: added up elementwise over batches, or those of one batch after
   *     those of another where they are {@link #kept}
   */
  double result(Map<String, double[]> statistics);

  /**
   * What is behind the measure, a row for each class; empty where there is nothing of the kind.
   *
   * @param statistics as {@link #result} gets them
   */
  default Optional<ByClass> byClass(Map<String, double[]> statistics) {
    return Optional.empty();
  }

  /** Whether larger is better, as for accuracy; for errors smaller is. */
  default boolean largerIsBetter() {
    return false;
  }

  /**
   * Numbers for each class.
   *
   * @param columns what the numbers of a class are called; empty if each stands for a class too
   * @param rows a row of numbers for each class
   */
  record ByClass(List<String> columns, double[][] rows) {

    /** Copies the list. */
    public ByClass {
      columns = List.copyOf(columns);
    }

    /** One number for each class; nothing if there is only one class. */
    public static Optional<ByClass> column(String name, double[] values) {
      double[][] rows = new double[values.length][];
      for (int c = 0; c < values.length; c++) {
        rows[c] = new double[] {values[c]};
      }
      return values.length < 2 ? Optional.empty() : Optional.of(new ByClass(List.of(name), rows));
    }
  }
}
