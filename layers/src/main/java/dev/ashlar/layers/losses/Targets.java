package dev.ashlar.layers.losses;

import dev.ashlar.model.Batch;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import java.util.List;

/** Targets as losses and metrics need them. */
public final class Targets {

  private Targets() {}

  /**
   * The target in the type and shape of an output: [batch] serves an output [batch, 1].
   *
   * @param measure what asks, for messages
   * @param forClasses the name of what fits if the target counts classes
   * @throws ShapeException if there are more numbers in one than in the other
   */
  public static Tensor like(Tensor output, Batch batch, String measure, String forClasses) {
    Tensor target = batch.target();
    if (target.shape().size() != output.shape().size()) {
      String help = target.dtype().isInteger() ? "a target of classes wants '" + forClasses + "'"
          : "let the last layer give " + target.shape().slice(1, target.rank()) + " for each example";
      throw mismatch(measure, "a target with a number for each of the output", output, target, help);
    }
    return target.cast(output.dtype()).reshape(output.shape());
  }

  /**
   * Refuses a target that is not one class for each row of scores.
   *
   * @param output scores [batch, .., classes]
   * @param measure what asks, for messages
   * @param forNumbers the name of what fits if the target holds numbers
   * @throws ShapeException if it is not
   */
  public static void checkClasses(Tensor output, Tensor target, String measure, String forNumbers) {
    boolean one = output.rank() > 0 && target.shape().size() * output.dim(-1) == output.shape().size();
    // One score for each target may be compared with numbers from 0 to 1.
    boolean fits = one && (target.dtype().isInteger() || output.dim(-1) == 1
        || target.shape().equals(output.shape().remove(-1)));
    if (!fits) {
      String help = areLabels(output, target) && target.dtype().isInteger()
          ? "of one-hot labels take the index; a yes or no for each output wants 'binary_cross_entropy'"
          : areLabels(output, target)
          ? "a yes or no for each output wants 'binary_cross_entropy', probabilities want 'kl_divergence', numbers"
              + " want '" + forNumbers + "'"
          : target.dtype().isFloating() ? "a target of numbers wants '" + forNumbers + "'"
          : "let the last layer give scores for each target only; 'flatten' before it makes one row of an example";
      throw mismatch(measure, "a class for each row of the output", output, target, help);
    }
  }

  /**
   * The class of each row of scores: i32, of the output's shape without its last axis.
   *
   * @throws ShapeException as {@link #checkClasses}
   */
  public static Tensor classes(Tensor output, Batch batch, String measure, String forNumbers) {
    checkClasses(output, batch.target(), measure, forNumbers);
    return batch.target().cast(DType.I32).reshape(output.shape().remove(-1));
  }

  /** Whether each score is a question of its own, with yes or no for a target: one, or several labels. */
  public static boolean areYesOrNo(Tensor output, Tensor target) {
    return areYesOrNo(output.type(), target.type());
  }

  static boolean areYesOrNo(TensorType output, TensorType target) {
    Shape shape = output.shape();
    return shape.rank() > 0 && shape.dim(-1) == 1 && target.shape().size() == shape.size() || areLabels(output, target);
  }

  /** Whether each example has a yes or no for each of several labels. */
  public static boolean areLabels(Tensor output, Tensor target) {
    return areLabels(output.type(), target.type());
  }

  private static boolean areLabels(TensorType output, TensorType target) {
    return output.shape().rank() > 1 && output.shape().dim(-1) > 1 && target.shape().equals(output.shape());
  }

  /**
   * As {@link #classes}, and refuses a single score: of one class there is nothing to tell.
   *
   * @throws ShapeException if it is not so
   */
  public static Tensor severalClasses(Tensor output, Batch batch, String measure, String forNumbers) {
    checkClasses(output, batch.target(), measure, forNumbers);
    if (output.dim(-1) == 1) {
      throw mismatch(measure, "scores of two classes or more", output, batch.target(),
          (batch.target().dtype().isFloating() ? "a target of numbers wants '" + forNumbers + "', " : "")
              + "yes or no wants 'binary_cross_entropy'");
    }
    return classes(output, batch, measure, forNumbers);
  }

  /**
   * Which class is the target's.
   *
   * @param output scores [batch, .., classes]
   * @param targets i32, one for each row of scores
   * @return BOOL, of the output's shape; false throughout for a target that is no class
   */
  public static Tensor isClass(Tensor output, Tensor targets) {
    Tensor classes = Tensor.iota(output.type().withDType(DType.I32), output.rank() - 1);
    return classes.eq(targets.reshape(output.shape().remove(-1)).expandDims(-1).broadcastTo(output.shape()));
  }

  /** The score of each target, [batch, .., 1]; 0 for a target that is no class. */
  public static Tensor score(Tensor output, Tensor isClass) {
    return isClass.where(output, Tensor.zeros(output.type())).sum(-1);
  }

  /**
   * A weight for each of the last axis of an output, in its type: [n].
   *
   * @param measure what asks, for messages
   * @param component that they come from, for messages
   * @param what each stands for: {@code class}
   * @throws ShapeException if there are more or fewer
   */
  static Tensor weights(List<Double> weights, Tensor output, String measure, String component, String what) {
    if (weights.size() != output.dim(-1)) {
      throw new ShapeException(measure, "a weight for each " + what + ": " + output.dim(-1),
          weights.size() + " " + component, "give one number for each " + what + ", in their order");
    }
    double[] values = weights.stream().mapToDouble(w -> w).toArray();
    return Tensor.constant(NDArray.of(Shape.of(values.length), values).cast(output.dtype()));
  }

  private static ShapeException mismatch(String measure, String expected, Tensor output, Tensor target, String help) {
    return new ShapeException(measure, expected, "target " + target.type() + " for output " + output.type(), help);
  }
}
