package dev.ashlar.layers.losses;

import dev.ashlar.model.Batch;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.Tensor;

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
      String help = target.dtype().isFloating() ? "a target of numbers wants '" + forNumbers + "'"
          : "let the last layer give scores for each target only; 'flatten' before it makes one row of an example";
      throw mismatch(measure, "a class for each row of the output", output, target, help);
    }
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

  private static ShapeException mismatch(String measure, String expected, Tensor output, Tensor target, String help) {
    return new ShapeException(measure, expected, "target " + target.type() + " for output " + output.type(), help);
  }
}
