package dev.ashlar.layers.metrics;

import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.layers.losses.Targets;
import dev.ashlar.model.Batch;
import dev.ashlar.model.Metric;
import dev.ashlar.tensor.Tensors;
import java.util.Map;

/**
 * The mean over classes of the share of their targets that is found, rare classes counting like others:
 * {@code sklearn.metrics.balanced_accuracy_score}; of a yes or no, the mean over both answers. Shapes: logits [batch,
 * .., classes], integer targets [batch, ..]; or a target for each logit, which says yes or no. Targets below 0 do not
 * count.
 */
@Name("balanced_accuracy")
@Doc("the mean over classes of the share that is found")
public record BalancedAccuracy() implements Metric {

  @Override
  public Tensors statistics(Tensors outputs, Batch batch) {
    Tensors counts = Counts.of(outputs, batch, "balanced_accuracy");
    boolean isYesOrNo = Targets.areYesOrNo(outputs.first(), batch.target());
    return isYesOrNo ? counts.with("yes_or_no", counts.get("all")) : counts;
  }

  @Override
  public double result(Map<String, double[]> sums) {
    boolean isYesOrNo = sums.containsKey("yes_or_no");
    double result = 0;
    int found = 0;
    for (int c = 0; c < Counts.classes(sums); c++) {
      Counts counts = Counts.of(sums, c);
      if (counts.targets() > 0) {
        result += counts.recall();
        found++;
      }
      if (isYesOrNo && counts.all() > counts.targets()) {
        result += counts.specificity();
        found++;
      }
    }
    return result / Math.max(found, 1);
  }

  @Override
  public boolean largerIsBetter() {
    return true;
  }
}
