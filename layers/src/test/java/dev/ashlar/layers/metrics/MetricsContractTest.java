package dev.ashlar.layers.metrics;

import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.testkit.MetricContract;
import dev.ashlar.testkit.Values;
import java.util.List;

/** Every metric of ours keeps the contract. */
class MetricsContractTest extends MetricContract {

  @Override
  protected List<Example> examples() {
    NDArray y = Values.normal(TensorType.of(DType.F64, 5, 4), 1);
    NDArray column = NDArray.of(Shape.of(5, 1), 0.5, -2.0, 0.1, 3.0, -0.7);
    NDArray sequence = Values.normal(TensorType.of(DType.F64, 3, 4, 5), 3);
    return List.of(
        new Example(new Accuracy(), y, targets(y, "++-+-")),
        new Example(new Accuracy(), column, NDArray.of(Shape.of(5), 1, 0, 0, 1, 1)),
        new Example(new Accuracy(), sequence, targets(sequence, "+-+- -+_+ __-+").reshape(3, 4)),
        new Example(new TopK(2), y, targets(y, "++-+-")),
        new Example(new Precision(Average.MICRO), y, targets(y, "+-+-+")),
        new Example(new Recall(Average.WEIGHTED), sequence, targets(sequence, "+-+- -+_+ __-+").reshape(3, 4)),
        new Example(new F1(Average.MICRO), y, targets(y, "++-+-")),
        new Example(new F1(), column, NDArray.of(Shape.of(5), 1, 0, 0, 0, 1)),
        new Example(new Specificity(), y, targets(y, "+++--")),
        new Example(new Specificity(Average.MICRO), column, NDArray.of(Shape.of(5), 1, 0, 0, 1, 0)),
        new Example(new BalancedAccuracy(), y, targets(y, "+++--")),
        new Example(new BalancedAccuracy(), column, NDArray.of(Shape.of(5), 1, 0, 0, 0, 1)),
        new Example(new ConfusionMatrix(), y, targets(y, "++-+-")),
        new Example(new ConfusionMatrix(), sequence, targets(sequence, "+-+- -+_+ __-+").reshape(3, 4)),
        new Example(new Auroc(), column, NDArray.of(Shape.of(5), 0, 0, 1, 1, 1)),
        new Example(new Auroc(), y, NDArray.of(Shape.of(5), 0, 1, 2, 3, 1)),
        new Example(new AveragePrecision(), sequence, targets(sequence, "+-+- -+_+ __-+").reshape(3, 4)),
        new Example(new AveragePrecision(), y, Values.integers(y.type(), 2, 7)),
        new Example(new CalibrationError(), y, targets(y, "++-+-")),
        new Example(new CalibrationError(4), column, NDArray.of(Shape.of(5), 1, 0, 0, 0, 1)),
        new Example(new Perplexity(), sequence, targets(sequence, "+-+- -+_+ __-+").reshape(3, 4)),
        new Example(new ExactMatch(), sequence, targets(sequence, "++_+ ++++ +-+_").reshape(3, 4)),
        new Example(new ExactMatch(), y, targets(y, "++-+-")),
        new Example(new F1(), y, Values.integers(y.type(), 2, 7)),
        new Example(new Accuracy(), y, Values.integers(TensorType.of(DType.I32, 5, 4), 2, 7)),
        new Example(new Auroc(Average.WEIGHTED), y, NDArray.of(Shape.of(5), 0, 1, 2, 3, 1)),
        new Example(new AveragePrecision(Average.MICRO), y, NDArray.of(Shape.of(5), 0, 1, 2, 3, 1)),
        new Example(new Jaccard(), y, targets(y, "+++--")),
        new Example(new MatthewsCorrelation(), y, targets(y, "+++--")),
        new Example(new CohenKappa(), y, targets(y, "+++--")),
        new Example(new MeanSquaredError(), y, Values.normal(y.type(), 4)),
        new Example(new MeanAbsolutePercentageError(), y, Values.normal(y.type(), 4)),
        new Example(new R2(), y, Values.normal(y.type(), 4)),
        new Example(new RootMeanSquaredError(), y, Values.normal(y.type(), 4)),
        new Example(new MeanAbsoluteError(), y, Values.normal(y.type(), 4)),
        new Example(new MeanAbsoluteError(), column, Values.normal(TensorType.of(DType.F64, 5), 5)));
  }

  /** Classes that the logits get right (+), get wrong (-), or that do not count (_). */
  private static NDArray targets(NDArray logits, String kinds) {
    String each = kinds.replace(" ", "");
    int classes = logits.shape().dim(-1);
    NDArray targets = NDArray.zeros(TensorType.of(DType.I32, each.length()));
    for (int row = 0; row < each.length(); row++) {
      int best = 0;
      for (int c = 1; c < classes; c++) {
        best = logits.get((long) row * classes + c) > logits.get((long) row * classes + best) ? c : best;
      }
      targets.setLong(row, switch (each.charAt(row)) {
        case '+' -> best;
        case '-' -> (best + 1) % classes;
        default -> -100;
      });
    }
    return targets;
  }
}
