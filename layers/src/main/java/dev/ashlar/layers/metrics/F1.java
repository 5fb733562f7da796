package dev.ashlar.layers.metrics;

import dev.ashlar.config.Alias;
import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;

/**
 * The harmonic mean of precision and recall, of several classes an average; 0 where there is nothing to divide by.
 * Shapes: logits [batch, .., classes], integer targets [batch, ..]; or a target for each logit, which says yes or no.
 * Targets below 0 do not count.
 */
@Name("f1")
@Alias("f1_score")
@Doc("the harmonic mean of precision and recall")
public record F1(@Doc("how classes are averaged") @Default("macro") Average average) implements OfEachClass {

  /** Averaged over the classes that occur. */
  public F1() {
    this(Average.MACRO);
  }

  @Override
  public String called() {
    return "f1";
  }

  @Override
  public double of(Counts counts) {
    return counts.f1();
  }
}
