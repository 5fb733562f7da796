package dev.ashlar.layers.metrics;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;

/**
 * The share of choices of a class that are right, of several classes an average; 0 where there is nothing to divide by.
 * Shapes: logits [batch, .., classes], integer targets [batch, ..]; or a target for each logit, which says yes or no.
 * Targets below 0 do not count.
 */
@Name("precision")
@Doc("the share of choices of a class that are right")
public record Precision(@Doc("how classes are averaged") @Default("macro") Average average) implements OfEachClass {

  /** Averaged over the classes that occur. */
  public Precision() {
    this(Average.MACRO);
  }

  @Override
  public String called() {
    return "precision";
  }

  @Override
  public double of(Counts counts) {
    return counts.precision();
  }
}
