package dev.ashlar.layers.metrics;

import java.util.Map;

/**
 * How far chosen classes and targets agree.
 *
 * @param right how often
 * @param all how often there was something to choose
 * @param targets how often each class is the target
 * @param chosen how often each class was chosen
 */
record Agreement(double right, double all, double[] targets, double[] chosen) {

  /** Read off {@link ConfusionMatrix#counted}. */
  static Agreement of(Map<String, double[]> sums) {
    double[][] rows = ConfusionMatrix.rows(sums);
    double[] targets = new double[rows.length];
    double[] chosen = new double[rows.length];
    double right = 0;
    double all = 0;
    for (int t = 0; t < rows.length; t++) {
      right += rows[t][t];
      for (int c = 0; c < rows.length; c++) {
        targets[t] += rows[t][c];
        chosen[c] += rows[t][c];
        all += rows[t][c];
      }
    }
    return new Agreement(right, all, targets, chosen);
  }

  /** The share that is right. */
  double share() {
    return right / Math.max(all, 1e-30);
  }

  /** Of all pairs of a target and a choice, how many are of one class. */
  double pairs() {
    return pairs(targets, chosen);
  }

  /** Of all pairs of one and another, how many are of one class. */
  static double pairs(double[] some, double[] others) {
    double sum = 0;
    for (int c = 0; c < some.length; c++) {
      sum += some[c] * others[c];
    }
    return sum;
  }
}
