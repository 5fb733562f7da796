package dev.ashlar.layers.metrics;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;

/**
 * The share that is right of all that is taken for a class or is of it (intersection over union, Jaccard, 1901), of
 * several classes an average; 0 where there is nothing to divide by.
 * Shapes: logits [batch, .., classes], integer targets [batch, ..]; or a target for each logit, which says yes or no.
 * Targets below 0 do not count.
 */
@Name("jaccard")
@Doc("intersection over union of what is taken for a class and what is of it")
public record Jaccard(@Doc("how classes are averaged") @Default("macro") Average average) implements OfEachClass {

  /** Averaged over the classes that occur. */
  public Jaccard() {
    this(Average.MACRO);
  }

  @Override
  public String called() {
    return "jaccard";
  }

  @Override
  public double of(Counts counts) {
    return counts.jaccard();
  }
}
