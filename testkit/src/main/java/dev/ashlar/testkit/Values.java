package dev.ashlar.testkit;

import dev.ashlar.api.Stable;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import java.util.Arrays;
import java.util.Random;

/** Arrays to test with: the same seed, the same values. */
@Stable
public final class Values {

  private Values() {}

  /** Standard normal. */
  public static NDArray normal(TensorType type, long seed) {
    Random random = new Random(seed);
    NDArray array = NDArray.zeros(type);
    for (long i = 0; i < array.size(); i++) {
      array.set(i, random.nextGaussian());
    }
    return array;
  }

  /** Integers from 0 to {@code below - 1}. */
  public static NDArray integers(TensorType type, int below, long seed) {
    Random random = new Random(seed);
    NDArray array = NDArray.zeros(type);
    for (long i = 0; i < array.size(); i++) {
      array.set(i, random.nextInt(below));
    }
    return array;
  }

  /**
   * A scalar that depends on every element differently: the sum of a floating tensor times fixed normal
   * numbers.
   */
  public static Tensor project(Tensor x, long seed) {
    return x.mul(Tensor.constant(normal(x.type(), seed))).sum();
  }

  /** The position of a row-major index, for messages: {@code [1, 0]}. */
  static String index(TensorType type, long at) {
    int[] index = new int[type.shape().rank()];
    long rest = at;
    for (int axis = index.length - 1; axis >= 0; axis--) {
      index[axis] = (int) (rest % type.shape().dim(axis));
      rest /= type.shape().dim(axis);
    }
    return Arrays.toString(index);
  }
}
