package dev.ashlar.layers.metrics;

import dev.ashlar.layers.losses.Targets;
import dev.ashlar.model.Batch;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.Tensors;
import java.util.Map;

/**
 * For each class how often it was chosen, how often it was right to choose it, and how often it is the target. One
 * logit for each target says yes or no: then only yes counts. Targets below 0 do not count.
 */
final class Counts {

  private Counts() {}

  /** From how often a class was hit, chosen and the target. */
  interface Measure {
    double of(double hits, double chosen, double targets);
  }

  static Tensors of(Tensors outputs, Batch batch, String measure) {
    Tensor y = outputs.first();
    Guesses guesses = Guesses.of(y, batch, measure);
    Tensor weights = guesses.counts().mul(batch.weight(guesses.counts().rank())).reshape(y.shape().remove(-1));
    // Of one logit the only class that counts is 1, at place 0.
    Tensor first = Tensor.full(guesses.targets().type(), y.dim(-1) == 1 ? 1 : 0);
    Tensor isTarget = Targets.isClass(y, guesses.targets().sub(first)).cast(DType.F32);
    Tensor isChosen = Targets.isClass(y, guesses.chosen().sub(first)).cast(DType.F32).mul(weights.expandDims(-1));
    return Tensors.of("hits", rows(isTarget.mul(isChosen)), "chosen", rows(isChosen),
        "targets", rows(isTarget.mul(weights.expandDims(-1))));
  }

  private static Tensor rows(Tensor x) {
    return x.reshape(-1, x.dim(-1)).sum(0);
  }

  static double average(Map<String, double[]> sums, Average average, Measure measure) {
    double[] hits = sums.get("hits");
    double[] chosen = sums.get("chosen");
    double[] targets = sums.get("targets");
    double result = 0;
    double weights = 0;
    double allHits = 0;
    double allChosen = 0;
    double allTargets = 0;
    for (int c = 0; c < hits.length; c++) {
      boolean occurs = chosen[c] > 0 || targets[c] > 0;
      double weight = average == Average.WEIGHTED ? targets[c] : occurs || hits.length == 1 ? 1 : 0;
      result += weight == 0 ? 0 : weight * measure.of(hits[c], chosen[c], targets[c]);
      weights += weight;
      allHits += hits[c];
      allChosen += chosen[c];
      allTargets += targets[c];
    }
    return average == Average.MICRO ? measure.of(allHits, allChosen, allTargets) : result / Math.max(weights, 1e-30);
  }

  static double share(double part, double of) {
    return of == 0 ? 0 : part / of;
  }
}
