package dev.ashlar.layers.metrics;

import dev.ashlar.model.Batch;
import dev.ashlar.model.Metric;
import dev.ashlar.tensor.Tensors;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A measure of how well scores are sorted, of several classes an average: an implementation says which, and how. */
interface OfRanking extends Metric {

  /** How classes become one number. */
  Average average();

  /** What messages and reports call it. */
  String called();

  /** The measure of one class, of no example so far. */
  Ranking.Curve curve();

  @Override
  default Tensors statistics(Tensors outputs, Batch batch) {
    return Ranking.of(outputs, batch, called());
  }

  @Override
  default Set<String> kept() {
    return Ranking.KEPT;
  }

  @Override
  default double result(Map<String, double[]> kept) {
    return Ranking.average(kept, average(), this::curve);
  }

  @Override
  default Optional<ByClass> byClass(Map<String, double[]> kept) {
    return ByClass.column(called(), Ranking.each(kept, this::curve));
  }

  @Override
  default boolean largerIsBetter() {
    return true;
  }
}
