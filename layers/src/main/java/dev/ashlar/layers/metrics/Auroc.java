package dev.ashlar.layers.metrics;

import dev.ashlar.config.Alias;
import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;

/**
 * The area under the receiver operating characteristic: how often a yes has a higher score than a no, a tie counting
 * half (Hanley and McNeil, 1982). Of two classes the second is asked about; of more each one against the rest by its
 * probability, and an average of those that occur, as {@code sklearn.metrics.roc_auc_score} has it with {@code
 * multi_class="ovr"}; of labels each one. NaN if there are only yeses or only noes. The scores of all
 * examples of the data are sorted together: the measure is exact, whatever the batches. Shapes: logits [batch, ..,
 * classes], integer targets [batch, ..]; or a target for each logit, which says yes or no. Targets below 0 do not
 * count.
 */
@Name("auroc")
@Alias("roc_auc")
@Doc("the area under the ROC curve: how often a yes has a higher score than a no")
public record Auroc(@Doc("how classes are averaged") @Default("macro") Average average)
    implements OfRanking {

  /** Averaged over the classes that occur. */
  public Auroc() {
    this(Average.MACRO);
  }

  @Override
  public String called() {
    return "auroc";
  }

  @Override
  public Ranking.Curve curve() {
    return new Area();
  }

  /** Under the steps of the curve, from the left. */
  private static final class Area implements Ranking.Curve {
    private double yeses;
    private double noes;
    private double area;

    @Override
    public void add(double yes, double no) {
      area += no * (yeses + yes / 2);
      yeses += yes;
      noes += no;
    }

    @Override
    public double result() {
      return yeses == 0 || noes == 0 ? Double.NaN : area / yeses / noes;
    }
  }
}
