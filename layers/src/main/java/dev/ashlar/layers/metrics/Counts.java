package dev.ashlar.layers.metrics;

import dev.ashlar.layers.losses.Targets;
import dev.ashlar.model.Batch;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.Tensors;
import java.util.Map;

/**
 * For each class how often it was chosen, how often it was right to choose it, how often it is the target, and of how
 * many targets. Where each logit says yes or no, only yes counts. Targets below 0 do not count.
 *
 * @param hits chosen and the target
 * @param chosen whether right or not
 * @param targets whether found or not
 * @param all targets of whatever class
 */
record Counts(double hits, double chosen, double targets, double all) {

  /** A number of one class. */
  interface Measure {
    double of(Counts counts);
  }

  static Tensors of(Tensors outputs, Batch batch, String measure) {
    Tensor y = outputs.first();
    Guesses guesses = Guesses.of(y, batch, measure);
    Tensor weights = guesses.counts().mul(batch.weight(guesses.counts().rank()));
    Tensor isTarget;
    Tensor isChosen;
    if (Targets.areYesOrNo(y, batch.target())) {
      isTarget = guesses.targets().eq(1).cast(DType.F32).reshape(y.shape());
      isChosen = guesses.chosen().cast(DType.F32).reshape(y.shape());
      weights = weights.reshape(y.shape());
    } else {
      isTarget = Targets.isClass(y, guesses.targets()).cast(DType.F32);
      isChosen = Targets.isClass(y, guesses.chosen()).cast(DType.F32);
      weights = weights.reshape(y.shape().remove(-1)).expandDims(-1).broadcastTo(y.shape());
    }
    Tensor counted = isChosen.mul(weights);
    return Tensors.of("hits", rows(isTarget.mul(counted)), "chosen", rows(counted),
        "targets", rows(isTarget.mul(weights))).with("all", rows(weights));
  }

  private static Tensor rows(Tensor x) {
    return x.reshape(-1, x.dim(-1)).sum(0);
  }

  /** The measure of each class. */
  static double[] each(Map<String, double[]> sums, Measure measure) {
    double[] values = new double[classes(sums)];
    for (int c = 0; c < values.length; c++) {
      values[c] = measure.of(of(sums, c));
    }
    return values;
  }

  static double average(Map<String, double[]> sums, Average average, Measure measure) {
    int classes = classes(sums);
    Counts together = new Counts(0, 0, 0, 0);
    double result = 0;
    double weights = 0;
    for (int c = 0; c < classes; c++) {
      Counts counts = of(sums, c);
      boolean occurs = counts.chosen > 0 || counts.targets > 0;
      double weight = average == Average.WEIGHTED ? counts.targets : occurs || classes == 1 ? 1 : 0;
      result += weight == 0 ? 0 : weight * measure.of(counts);
      weights += weight;
      together = together.plus(counts);
    }
    return average == Average.MICRO ? measure.of(together) : result / Math.max(weights, 1e-30);
  }

  static int classes(Map<String, double[]> sums) {
    return sums.get("hits").length;
  }

  static Counts of(Map<String, double[]> sums, int c) {
    return new Counts(sums.get("hits")[c], sums.get("chosen")[c], sums.get("targets")[c], sums.get("all")[c]);
  }

  private Counts plus(Counts other) {
    return new Counts(hits + other.hits, chosen + other.chosen, targets + other.targets, all + other.all);
  }

  /** The share of choices that are right; 0 if there are none. */
  double precision() {
    return share(hits, chosen);
  }

  /** The share of targets that are found; 0 if there are none. */
  double recall() {
    return share(hits, targets);
  }

  /** The harmonic mean of both; 0 if there are neither choices nor targets. */
  double f1() {
    return share(2 * hits, chosen + targets);
  }

  /** The share that is right of choices and targets together; 0 if there are neither. */
  double jaccard() {
    return share(hits, chosen + targets - hits);
  }

  /** The share of targets of other classes for which this was not chosen; 0 if there are none. */
  double specificity() {
    return share(all - targets - chosen + hits, all - targets);
  }

  private static double share(double part, double of) {
    return of == 0 ? 0 : part / of;
  }
}
