package dev.ashlar.reference;

import dev.ashlar.api.Experimental;
import dev.ashlar.tensor.NDArray;

/**
 * Threefry-2x32 with 20 rounds: a block cipher simplified for speed, so a random function of key and counter.
 *
 * @see <a href="https://doi.org/10.1145/2063384.2063405">Salmon et al., Parallel random numbers: as easy as
 *     1, 2, 3</a>
 */
@Experimental(since = "0.1")
public final class Threefry {

  private static final int ROUNDS = 20;
  private static final int[] ROTATIONS = {13, 15, 26, 6, 17, 29, 16, 24};
  private static final int PARITY = 0x1BD11BDA;

  private Threefry() {}

  static void fill(NDArray low, NDArray high, NDArray out) {
    int key0 = (int) low.getLong(0);
    int key1 = (int) high.getLong(0);
    for (long i = 0; i < out.size(); i++) {
      out.setLong(i, (int) block(key0, key1, (int) i, (int) (i >>> 32)));
    }
  }

  /**
   * Both words of a block: the first in the low half. The same key and counter, the same words.
   *
   * @param key0 first word of the key
   * @param key1 second word of the key
   * @param counter0 first word of the counter
   * @param counter1 second word of the counter
   */
  public static long block(int key0, int key1, int counter0, int counter1) {
    int[] keys = {key0, key1, PARITY ^ key0 ^ key1};
    int x = counter0 + key0;
    int y = counter1 + key1;
    for (int round = 0; round < ROUNDS; round++) {
      x += y;
      y = Integer.rotateLeft(y, ROTATIONS[round % 8]) ^ x;
      if (round % 4 == 3) {
        int injection = round / 4 + 1;
        x += keys[injection % 3];
        y += keys[(injection + 1) % 3] + injection;
      }
    }
    return (x & 0xffffffffL) | (long) y << 32;
  }
}
