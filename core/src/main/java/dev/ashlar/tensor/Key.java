package dev.ashlar.tensor;

import dev.ashlar.api.Stable;
import java.nio.charset.StandardCharsets;

/**
 * A key from which random tensors are made: the same key, the same numbers, wherever and in
 * whatever order they are asked for. Never use one key for two purposes: {@link #child} and {@link
 * #fold} make others.
 *
 * @param low first word, an i32 scalar
 * @param high second word, an i32 scalar
 */
@Stable
public record Key(Tensor low, Tensor high) {

  /** The key of a seed: both words from one i32 vector of two. */
  public static Key of(Tensor seed) {
    return new Key(seed.slice(0, 0, 1).reshape(), seed.slice(0, 1, 2).reshape());
  }

  /** The key of a fixed seed. */
  public static Key of(long seed) {
    return new Key(i32((int) seed), i32((int) (seed >>> 32)));
  }

  /** A key for a named purpose. */
  public Key child(String name) {
    long hash = hash(name);
    return mixed(i32((int) hash), i32((int) (hash >>> 32)));
  }

  /** A key for a number that varies at run time, such as the step: an i32 scalar. */
  public Key fold(Tensor number) {
    return mixed(number, i32(0x5bd1e995));
  }

  /** Two words of Threefry under this key at the position that the words name. */
  private Key mixed(Tensor x, Tensor y) {
    // The words enter the key, not the counter: RandomBits offers counters from zero only.
    Tensor bits = Tensor.apply(new Op.RandomBits(low.xor(x), high.add(y), Shape.of(2)));
    return of(bits);
  }

  /** Uniformly random 32-bit integers. */
  public Tensor bits(Shape shape) {
    return Tensor.apply(new Op.RandomBits(low, high, shape));
  }

  /** Uniform in [0, 1): multiples of 2^-24, exact in f32. */
  public Tensor uniform(TensorType type) {
    Tensor top = bits(type.shape()).shr(i32(8).broadcastTo(type.shape()));
    return top.cast(type.dtype()).mul(0x1p-24);
  }

  /** Standard normal by the Box-Muller transform. */
  public Tensor normal(TensorType type) {
    // In (0, 1]: the logarithm is finite.
    Tensor radius = child("radius").uniform(type).neg().add(1).log().mul(-2).sqrt();
    Tensor angle = child("angle").uniform(type).mul(2 * Math.PI);
    return radius.mul(angle.cos());
  }

  private static Tensor i32(int value) {
    return Tensor.scalar(DType.I32, value);
  }

  /** FNV-1a, 64 bits, finished with a multiply-xorshift so that short names differ in all bits. */
  private static long hash(String name) {
    long hash = 0xcbf29ce484222325L;
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
    }
    hash ^= hash >>> 32;
    hash *= 0xd6e8feb86659fd93L;
    return hash ^ hash >>> 32;
  }
}
