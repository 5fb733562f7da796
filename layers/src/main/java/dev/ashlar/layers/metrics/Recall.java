package dev.ashlar.layers.metrics;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.model.Batch;
import dev.ashlar.model.Metric;
import dev.ashlar.tensor.Tensors;
import java.util.Map;

/**
 * The share of targets of a class that are found, of several classes an average; 0 where there is nothing to divide by.
 * Shapes: logits [batch, .., classes], integer targets [batch, ..]; one logit for each target says yes or no. Targets
 * below 0 do not count.
 */
@Name("recall")
@Doc("the share of a class that is found")
public record Recall(@Doc("how classes are averaged") @Default("macro") Average average) implements Metric {

  /** Averaged over the classes that occur. */
  public Recall() {
    this(Average.MACRO);
  }

  @Override
  public Tensors statistics(Tensors outputs, Batch batch) {
    return Counts.of(outputs, batch, "recall");
  }

  @Override
  public double result(Map<String, double[]> sums) {
    return Counts.average(sums, average, (hits, chosen, targets) -> Counts.share(hits, targets));
  }

  @Override
  public boolean largerIsBetter() {
    return true;
  }
}
