package dev.ashlar.autodiff;

import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;

/**
 * {@link dev.ashlar.tensor.Op.RandomBits} for many keys: Threefry-2x32-20 in tensor maths, bit for bit the
 * same.
 */
final class BatchedRandomBits {

  private static final int ROUNDS = 20;
  private static final int[] ROTATIONS = {13, 15, 26, 6, 17, 29, 16, 24};

  private BatchedRandomBits() {}

  /**
   * Random bits.
   *
   * @param low first words of n keys, i32[n]
   * @param high second words
   * @return [n, shape..]
   */
  static Tensor of(Tensor low, Tensor high, Shape shape) {
    Tensor first = low.expandDims(1); // [n, 1]
    Tensor second = high.expandDims(1);
    Tensor[] keys = {first, second, first.xor(second).xor(word(0x1BD11BDA))};
    TensorType counters = TensorType.of(DType.I32, 1, Math.toIntExact(shape.size()));
    Tensor x = Tensor.iota(counters, 1).add(first); // [n, elements]
    Tensor y = Tensor.zeros(counters).add(second);
    for (int round = 0; round < ROUNDS; round++) {
      x = x.add(y);
      y = rotated(y, ROTATIONS[round % 8]).xor(x);
      if (round % 4 == 3) {
        int injection = round / 4 + 1;
        x = x.add(keys[injection % 3]);
        y = y.add(keys[(injection + 1) % 3].add(injection));
      }
    }
    return x.reshape(Shape.of(low.dim(0)).concat(shape));
  }

  private static Tensor rotated(Tensor x, int bits) {
    return x.shl(word(bits)).or(x.shr(word(32 - bits)));
  }

  private static Tensor word(int value) {
    return Tensor.scalar(DType.I32, value);
  }
}
