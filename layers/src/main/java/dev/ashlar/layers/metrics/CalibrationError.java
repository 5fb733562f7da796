package dev.ashlar.layers.metrics;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.layers.losses.Targets;
import dev.ashlar.model.Batch;
import dev.ashlar.model.Metric;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Functions;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import java.util.Map;

/**
 * How far confidence is from the share that is right, in the mean over bins of equal width: the expected calibration
 * error of Guo et al., 2017, equation 3. Confidence is the probability of the chosen class. Shapes: logits [batch, ..,
 * classes], integer targets [batch, ..]; or a target for each logit, which says yes or no. Targets below 0 do not
 * count.
 */
@Name("calibration_error")
@Doc("how far confidence is from the share that is right (ECE)")
public record CalibrationError(
    @Doc("intervals of confidence") @Default("15") @Range(atLeast = 1, atMost = 10_000) int bins) implements Metric {

  /** With 15 bins. */
  public CalibrationError() {
    this(15);
  }

  @Override
  public Tensors statistics(Tensors outputs, Batch batch) {
    Tensor y = outputs.first();
    Guesses guesses = Guesses.of(y, batch, "calibration_error");
    Tensor confidence = Targets.areYesOrNo(y, batch.target()) ? y.abs().sigmoid()
        : Functions.logSoftmax(y, -1).max(-1).exp();
    Tensor rows = confidence.cast(DType.F32).reshape(-1, 1);
    Tensor weights = guesses.counts().mul(batch.weight(guesses.counts().rank())).reshape(-1, 1);
    Tensor hits = guesses.chosen().eq(guesses.targets()).cast(DType.F32).reshape(-1, 1).mul(weights);
    Tensor bin = rows.mul(bins).floor().minimum(bins - 1).cast(DType.I32);
    TensorType binned = TensorType.of(DType.I32, rows.dim(0), bins);
    Tensor isIn = Tensor.iota(binned, 1).eq(bin.broadcastTo(binned.shape())).cast(DType.F32);
    return Tensors.of("confidence", summed(isIn, rows.mul(weights)), "hits", summed(isIn, hits),
        "count", summed(isIn, weights));
  }

  private static Tensor summed(Tensor isIn, Tensor rows) {
    return isIn.mul(rows).sum(0);
  }

  @Override
  public double result(Map<String, double[]> sums) {
    double[] counts = sums.get("count");
    double apart = 0;
    double all = 0;
    for (int b = 0; b < counts.length; b++) {
      apart += Math.abs(sums.get("hits")[b] - sums.get("confidence")[b]);
      all += counts[b];
    }
    return apart / Math.max(all, 1e-30);
  }
}
