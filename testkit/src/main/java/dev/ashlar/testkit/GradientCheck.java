package dev.ashlar.testkit;

import dev.ashlar.api.Stable;
import dev.ashlar.autodiff.Gradients;
import dev.ashlar.reference.Reference;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Gradients against central differences, in double precision by the reference. Keep examples away from kinks
 * (the 0 of relu, ties of a maximum): differences say nothing there.
 */
@Stable
public final class GradientCheck {

  /** Greatest error allowed: |gradient - difference| over the largest of 1 and both magnitudes. */
  public static final double BOUND = 1e-6;

  private static final double STEP = 1e-5;

  /** Elements of one tensor that are tried: all of a small one, evenly spread ones of a large one. */
  private static final int TRIED = 24;

  private GradientCheck() {}

  /** Checks a block's outputs with respect to its floating-point inputs and its parameters. */
  public static void check(Trial trial) {
    check(trial.objective(), trial.differentiable(), trial.values());
  }

  /**
   * Checks a scalar with respect to leaves.
   *
   * @param scalar f64
   * @param leaves f64 inputs or variables, by name
   * @param at values of all that the scalar depends on
   */
  public static void check(Tensor scalar, Tensors leaves, Map<String, NDArray> at) {
    if (scalar.dtype() != DType.F64) {
      throw new IllegalArgumentException("gradients are checked in f64, not " + scalar.dtype());
    }
    Tensors gradients = Gradients.of(scalar, leaves);
    SequencedMap<String, NDArray> found = new LinkedHashMap<>();
    var arrays = Reference.evaluate(gradients.values(), at);
    gradients.names().forEach(name -> found.put(name, arrays.get(found.size())));
    found.forEach((name, gradient) -> {
      long stride = Math.max(1, Math.ceilDiv(gradient.size(), TRIED));
      for (long i = 0; i < gradient.size(); i += stride) {
        double difference = difference(scalar, name, i, at);
        double computed = gradient.get(i);
        double error = Math.abs(computed - difference)
            / Math.max(1, Math.max(Math.abs(computed), Math.abs(difference)));
        if (!(error <= BOUND)) {
          throw new AssertionError("gradient with respect to '" + name + "' at "
              + Values.index(gradient.type(), i)
              + " is " + computed + ", but differences say " + difference
                  + ": correct the gradient of a composite or"
              + " custom operation, do not detach what matters, or move the example away from a kink");
        }
      }
    });
  }

  private static double difference(Tensor scalar, String name, long index, Map<String, NDArray> at) {
    return (moved(scalar, name, index, STEP, at) - moved(scalar, name, index, -STEP, at)) / (2 * STEP);
  }

  private static double moved(Tensor scalar, String name, long index, double by, Map<String, NDArray> at) {
    Map<String, NDArray> there = new LinkedHashMap<>(at);
    NDArray copy = at.get(name).copy();
    copy.set(index, copy.get(index) + by);
    there.put(name, copy);
    return Reference.evaluate(scalar, there).item();
  }
}
