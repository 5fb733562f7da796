package com.acme.gated;

import dev.ashlar.tensor.CustomOp;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Node;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import java.util.List;

/**
 * The operation of {@link LeakySum}: each element needs the one before, and tensor maths has no such loop. Shapes: x
 * [.., time] -> [.., time].
 *
 * @param keep share of the sum that is left after a step
 * @param backwards whether time runs from the last element to the first
 */
record LeakySumOp(double keep, boolean backwards) implements CustomOp {

  static final String NAME = "acme:leaky_sum";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<TensorType> outputTypes(List<TensorType> operands) {
    TensorType x = operands.getFirst();
    if (x.shape().rank() == 0 || !x.dtype().isFloating()) {
      throw new ShapeException(NAME, "floating-point numbers [.., time]", x.toString());
    }
    return List.of(x);
  }

  /** Slow and obvious; {@link LeakySumKernel} does the same in f32. */
  @Override
  public void evaluate(List<NDArray> operands, List<NDArray> outputs) {
    NDArray x = operands.getFirst();
    int time = x.shape().dim(-1);
    double sum = 0;
    for (long i = 0; i < x.size(); i++) {
      int step = (int) (i % time);
      long at = backwards ? i - step + time - 1 - step : i;
      sum = x.get(at) + (step == 0 ? 0 : keep * sum);
      outputs.getFirst().set(at, sum);
    }
  }

  /** What came later leaks into what came before: the same operation the other way. */
  @Override
  public List<Tensor> gradients(Node node, List<Tensor> outputGradients) {
    return List.of(Tensor.apply(new Op.Custom(new LeakySumOp(keep, !backwards), List.of(outputGradients.getFirst()))));
  }
}
