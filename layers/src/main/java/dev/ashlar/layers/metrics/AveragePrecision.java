package dev.ashlar.layers.metrics;

import dev.ashlar.config.Alias;
import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;

/**
 * The area under the precision-recall curve, in steps: the mean over yeses of the precision down to their score, as
 * {@code sklearn.metrics.average_precision_score} has it. Of two classes the second is asked about; of more each one
 * against the rest by its probability, and an average of those that occur; of labels each one. NaN if there is no yes.
 * The scores of all examples of the data are sorted together: the measure is exact, whatever the batches. Shapes:
 * logits [batch, .., classes], integer targets [batch, ..]; or a target for each logit, which says yes or no. Targets
 * below 0 do not count.
 */
@Name("average_precision")
@Alias("pr_auc")
@Doc("the area under the precision-recall curve (PR AUC)")
public record AveragePrecision(@Doc("how classes are averaged") @Default("macro") Average average)
    implements OfRanking {

  /** Averaged over the classes that occur. */
  public AveragePrecision() {
    this(Average.MACRO);
  }

  @Override
  public String called() {
    return "average_precision";
  }

  @Override
  public Ranking.Curve curve() {
    return new Area();
  }

  /** Under the steps of the curve, from the left. */
  private static final class Area implements Ranking.Curve {
    private double yeses;
    private double all;
    private double area;

    @Override
    public void add(double yes, double no) {
      yeses += yes;
      all += yes + no;
      area += yes * (yeses / all);
    }

    @Override
    public double result() {
      return yeses == 0 ? Double.NaN : area / yeses;
    }
  }
}
