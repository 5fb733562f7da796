package dev.ashlar.layers.metrics;

import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.model.Batch;
import dev.ashlar.model.Metric;
import dev.ashlar.tensor.Tensors;
import java.util.Map;

/**
 * How far chosen classes and targets agree beyond what chance would do: 1 at best, 0 for guessing (Cohen, 1960), as
 * {@code sklearn.metrics.cohen_kappa_score} has it; NaN where there is only one class. Shapes: as those of
 * {@link ConfusionMatrix}.
 */
@Name("cohen_kappa")
@Doc("how far choices and targets agree beyond what chance would do")
public record CohenKappa() implements Metric {

  @Override
  public Tensors statistics(Tensors outputs, Batch batch) {
    return ConfusionMatrix.counted(outputs, batch, "cohen_kappa");
  }

  @Override
  public double result(Map<String, double[]> sums) {
    Agreement found = Agreement.of(sums);
    double pairs = found.pairs();
    return (found.right() * found.all() - pairs) / (found.all() * found.all() - pairs);
  }

  @Override
  public boolean largerIsBetter() {
    return true;
  }
}
