package dev.ashlar.layers.metrics;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.model.Batch;
import dev.ashlar.model.Metric;
import dev.ashlar.tensor.Tensors;
import java.util.Map;

/**
 * The share of choices of a class that are right, of several classes an average; 0 where there is nothing to divide by.
 * Shapes: logits [batch, .., classes], integer targets [batch, ..]; one logit for each target says yes or no. Targets
 * below 0 do not count.
 */
@Name("precision")
@Doc("the share of choices of a class that are right")
public record Precision(@Doc("how classes are averaged") @Default("macro") Average average) implements Metric {

  /** Averaged over the classes that occur. */
  public Precision() {
    this(Average.MACRO);
  }

  @Override
  public Tensors statistics(Tensors outputs, Batch batch) {
    return Counts.of(outputs, batch, "precision");
  }

  @Override
  public double result(Map<String, double[]> sums) {
    return Counts.average(sums, average, (hits, chosen, targets) -> Counts.share(hits, chosen));
  }

  @Override
  public boolean largerIsBetter() {
    return true;
  }
}
