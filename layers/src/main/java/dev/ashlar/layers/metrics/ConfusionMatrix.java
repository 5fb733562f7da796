package dev.ashlar.layers.metrics;

import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.layers.losses.Targets;
import dev.ashlar.model.Batch;
import dev.ashlar.model.Metric;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How often each class (rows) was taken for which (columns): {@code sklearn.metrics.confusion_matrix}. As one number,
 * the share on the diagonal. Shapes: logits [batch, .., classes], integer targets [batch, ..]; one logit for each
 * target says yes or no: two classes. Targets below 0 do not count.
 */
@Name("confusion_matrix")
@Doc("how often each class was taken for which; as one number, the share that is right")
public record ConfusionMatrix() implements Metric {

  private static final String NAME = "confusion_matrix";
  private static final String MATRIX = "matrix";
  private static final int MOST = 1000;

  @Override
  public Tensors statistics(Tensors outputs, Batch batch) {
    return counted(outputs, batch, NAME);
  }

  /** How often each class was taken for which. */
  static Tensors counted(Tensors outputs, Batch batch, String measure) {
    Tensor y = outputs.first();
    int classes = y.dim(-1) == 1 ? 2 : y.dim(-1);
    if (Targets.areLabels(y, batch.target())) {
      throw new ShapeException(measure, "a class for each row of the output",
          "target " + batch.target().type() + " for output " + y.type(),
          "of several labels 'precision' and 'recall' say how well each is told");
    }
    if (classes > MOST) {
      throw new ShapeException(measure, "at most " + MOST + " classes", "output " + y.type(),
          "of more, 'recall' says how well each is found");
    }
    Guesses guesses = Guesses.of(y, batch, measure);
    Tensor targets = guesses.targets();
    Tensor weights = guesses.counts().mul(batch.weight(targets.rank())).mul(targets.lt(classes).cast(DType.F32));
    Tensor cell = targets.maximum(0).mul(classes).add(guesses.chosen()).minimum(classes * classes - 1);
    Tensor none = Tensor.zeros(TensorType.of(DType.F32, classes * classes));
    return Tensors.of(MATRIX, none.scatterAdd(cell.reshape(-1), weights.reshape(-1), 0));
  }

  @Override
  public double result(Map<String, double[]> sums) {
    return Agreement.of(sums).share();
  }

  @Override
  public Optional<ByClass> byClass(Map<String, double[]> sums) {
    return Optional.of(new ByClass(List.of(), rows(sums)));
  }

  /** As many rows as classes, of the targets, each with a number for each class that was chosen. */
  static double[][] rows(Map<String, double[]> sums) {
    double[] matrix = sums.get(MATRIX);
    int classes = (int) Math.round(Math.sqrt(matrix.length));
    double[][] rows = new double[classes][classes];
    for (int t = 0; t < classes; t++) {
      System.arraycopy(matrix, t * classes, rows[t], 0, classes);
    }
    return rows;
  }

  @Override
  public boolean largerIsBetter() {
    return true;
  }
}
