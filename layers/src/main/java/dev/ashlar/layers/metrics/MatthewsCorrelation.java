package dev.ashlar.layers.metrics;

import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.model.Batch;
import dev.ashlar.model.Metric;
import dev.ashlar.tensor.Tensors;
import java.util.Map;

/**
 * The correlation of chosen classes with those of the targets: 1 at best, 0 for guessing, whatever the shares of the
 * classes (Matthews, 1975; of several classes Gorodkin, 2004), as {@code sklearn.metrics.matthews_corrcoef} has it; 0
 * where only one class is chosen, or there is only one. Shapes: as those of {@link ConfusionMatrix}.
 */
@Name("matthews_correlation")
@Doc("the correlation of what is chosen with what is right, whatever the shares of the classes")
public record MatthewsCorrelation() implements Metric {

  @Override
  public Tensors statistics(Tensors outputs, Batch batch) {
    return ConfusionMatrix.counted(outputs, batch, "matthews_correlation");
  }

  @Override
  public double result(Map<String, double[]> sums) {
    Agreement found = Agreement.of(sums);
    double all = found.all() * found.all();
    double variance = (all - Agreement.pairs(found.chosen(), found.chosen()))
        * (all - Agreement.pairs(found.targets(), found.targets()));
    return variance == 0 ? 0 : (found.right() * found.all() - found.pairs()) / Math.sqrt(variance);
  }

  @Override
  public boolean largerIsBetter() {
    return true;
  }
}
