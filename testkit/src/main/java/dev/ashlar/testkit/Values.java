package dev.ashlar.testkit;

import dev.ashlar.api.Stable;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

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

  /**
   * Fails where examples are too few, or too much alike, to show how a component treats them.
   *
   * @param least number of examples
   * @param arrays by what they are, the batch their first axis
   */
  static void requireVaried(int least, Map<String, NDArray> arrays) {
    boolean differs = false;
    Set<Integer> batches = new TreeSet<>();
    for (Map.Entry<String, NDArray> entry : arrays.entrySet()) {
      NDArray array = entry.getValue();
      Promises.require(array.shape().rank() > 0 && array.size() > 0, entry.getKey() + " is " + array.type()
          + ", which holds no examples: give one with the batch as its first axis");
      int batch = array.shape().dim(0);
      batches.add(batch);
      for (int i = 1; i < batch && !differs; i++) {
        differs = array.rows(i, i + 1).copy().data().mismatch(array.rows(0, 1).copy().data()) >= 0;
      }
    }
    Promises.require(batches.size() == 1, "the first axes, which are the batch, are " + batches + ": give " + least
        + " examples or more, in all arrays as many");
    int batch = batches.iterator().next();
    Promises.require(batch >= least, "a batch of " + batch + " does not show how examples are treated: give " + least
        + " or more");
    Promises.require(differs, "all examples are the same, so that nothing shows how each is treated: give different"
        + " ones");
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
