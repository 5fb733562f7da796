package dev.ashlar.model;

import dev.ashlar.tensor.Tensors;
import java.util.Map;

/**
 * A measure of quality: statistics of each batch, computed in the graph; their sums over all batches
 * make the result, on the host.
 */
public interface Metric {

  /**
   * Statistics of a batch that may be added up over batches; they obey the example weights.
   *
   * @param outputs what the model gave; the first is the main one
   * @param batch what it was given, targets and weights included
   */
  Tensors statistics(Tensors outputs, Batch batch);

  /**
   * The measure.
   *
   * @param sums the statistics, added up elementwise over batches in double precision, row-major
   */
  double result(Map<String, double[]> sums);

  /** Whether larger is better, as for accuracy; for errors smaller is. */
  default boolean largerIsBetter() {
    return false;
  }
}
