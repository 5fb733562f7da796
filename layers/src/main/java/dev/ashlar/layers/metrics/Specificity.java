package dev.ashlar.layers.metrics;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;

/**
 * The share of targets of other classes for which a class is not chosen (of a yes or no, the share of noes that are
 * found), of several classes an average; 0 where there is nothing to divide by.
 * Shapes: logits [batch, .., classes], integer targets [batch, ..]; or a target for each logit, which says yes or no.
 * Targets below 0 do not count.
 */
@Name("specificity")
@Doc("the share of other classes that are not taken for a class")
public record Specificity(@Doc("how classes are averaged") @Default("macro") Average average) implements OfEachClass {

  /** Averaged over the classes that occur. */
  public Specificity() {
    this(Average.MACRO);
  }

  @Override
  public String called() {
    return "specificity";
  }

  @Override
  public double of(Counts counts) {
    return counts.specificity();
  }
}
