package dev.ashlar.layers.metrics;

import dev.ashlar.model.Batch;
import dev.ashlar.model.Metric;
import dev.ashlar.tensor.Tensors;
import java.util.Map;
import java.util.Optional;

/** A measure of each class, of several an average: an implementation says which, and how it is averaged. */
interface OfEachClass extends Metric {

  /** How classes become one number. */
  Average average();

  /** What messages and reports call it. */
  String called();

  /** The measure of one class. */
  double of(Counts counts);

  @Override
  default Tensors statistics(Tensors outputs, Batch batch) {
    return Counts.of(outputs, batch, called());
  }

  @Override
  default double result(Map<String, double[]> sums) {
    return Counts.average(sums, average(), this::of);
  }

  @Override
  default Optional<ByClass> byClass(Map<String, double[]> sums) {
    return ByClass.column(called(), Counts.each(sums, this::of));
  }

  @Override
  default boolean largerIsBetter() {
    return true;
  }
}
