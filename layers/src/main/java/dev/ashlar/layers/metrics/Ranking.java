package dev.ashlar.layers.metrics;

import dev.ashlar.layers.losses.Targets;
import dev.ashlar.model.Batch;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Functions;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.Tensors;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Scores of all examples of the data, sorted together: exact, for 8 bytes a score. Of two classes the second is asked
 * about; of more each one against the rest, by its probability; of labels each one.
 */
final class Ranking {

  private static final String SCORES = "scores";
  private static final String TARGETS = "targets";
  private static final String WEIGHTS = "weights";

  /** What is kept of every example. */
  static final Set<String> KEPT = Set.of(SCORES, TARGETS, WEIGHTS);

  private final long[] order;
  private final double[] weights;
  private final boolean[] positive;
  private int size;

  private Ranking(int most) {
    order = new long[most];
    weights = new double[most];
    positive = new boolean[most];
  }

  /** A measure of examples, highest scores first. */
  interface Curve {
    /** Those with one score: sums of the weights of yes and of no. */
    void add(double yes, double no);

    /** The measure; NaN if there is none for want of a yes or a no. */
    double result();
  }

  /** Makes a curve for each class. */
  interface Curves {
    Curve start();
  }

  /** Scores [batch, rows, columns], targets [batch, rows, columns or 1], weights [batch, rows]. */
  static Tensors of(Tensors outputs, Batch batch, String measure) {
    Tensor y = outputs.first();
    Guesses guesses = Guesses.of(y, batch, measure);
    int classes = y.dim(-1);
    boolean areLabels = Targets.areLabels(y, batch.target());
    Tensor scores = Targets.areYesOrNo(y, batch.target()) ? y
        : classes == 2 ? y.slice(-1, 1, 2).sub(y.slice(-1, 0, 1)) : Functions.logSoftmax(y, -1);
    int examples = y.dim(0);
    Tensor targets = guesses.targets().reshape(examples, -1, areLabels ? classes : 1);
    Tensor weights = batch.weight(2).broadcastTo(targets.shape().remove(-1));
    return Tensors.of(SCORES, scores.cast(DType.F32).reshape(examples, -1, scores.dim(-1)), TARGETS, targets,
        WEIGHTS, weights.cast(DType.F32));
  }

  /** The measure of each class; NaN where there is none. */
  static double[] each(Map<String, double[]> kept, Curves curves) {
    double[] values = new double[columns(kept)];
    Ranking ranking = new Ranking(kept.get(WEIGHTS).length);
    for (int c = 0; c < values.length; c++) {
      values[c] = ranking.only(kept, c).measure(curves.start());
    }
    return values;
  }

  /** One measure of all classes: over those that have one; NaN if none has. */
  static double average(Map<String, double[]> kept, Average average, Curves curves) {
    int columns = columns(kept);
    if (average == Average.MICRO) {
      Ranking together = new Ranking(kept.get(SCORES).length);
      for (int c = 0; c < columns; c++) {
        together.collect(kept, c, columns);
      }
      return together.measure(curves.start());
    }
    Ranking ranking = new Ranking(kept.get(WEIGHTS).length);
    double sum = 0;
    double weights = 0;
    for (int c = 0; c < columns; c++) {
      double value = ranking.only(kept, c).measure(curves.start());
      double weight = Double.isNaN(value) ? 0 : average == Average.WEIGHTED ? ranking.yeses() : 1;
      sum += weight == 0 ? 0 : weight * value;
      weights += weight;
    }
    return weights == 0 ? Double.NaN : sum / weights;
  }

  private static int columns(Map<String, double[]> kept) {
    return kept.get(SCORES).length / Math.max(1, kept.get(WEIGHTS).length);
  }

  private Ranking only(Map<String, double[]> kept, int column) {
    size = 0;
    collect(kept, column, columns(kept));
    return this;
  }

  private double yeses() {
    return IntStream.range(0, size).filter(i -> positive[i]).mapToDouble(i -> weights[i]).sum();
  }

  private double measure(Curve curve) {
    Arrays.sort(order, 0, size);
    for (int i = size - 1; i >= 0; ) {
      double yes = 0;
      double no = 0;
      long score = order[i] >> 32;
      for (; i >= 0 && order[i] >> 32 == score; i--) {
        int at = (int) order[i];
        yes += positive[at] ? weights[at] : 0;
        no += positive[at] ? 0 : weights[at];
      }
      curve.add(yes, no);
    }
    return curve.result();
  }

  /** The examples that count: scores as integers of the same order, with where their example is below. */
  private void collect(Map<String, double[]> kept, int column, int columns) {
    double[] scores = kept.get(SCORES);
    double[] targets = kept.get(TARGETS);
    int rows = kept.get(WEIGHTS).length;
    int perRow = targets.length / rows;
    int yes = perRow == columns ? 1 : column;
    for (int row = 0; row < rows; row++) {
      double target = targets[row * perRow + (perRow == columns ? column : 0)];
      double weight = kept.get(WEIGHTS)[row];
      if (weight > 0 && target >= 0) {
        int bits = Float.floatToIntBits((float) scores[row * columns + column] + 0f); // -0 is 0
        order[size] = (long) (bits ^ bits >> 31 & Integer.MAX_VALUE) << 32 | size;
        weights[size] = weight;
        positive[size++] = target == yes;
      }
    }
  }
}
