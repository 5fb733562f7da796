package dev.ashlar.io.data;

/**
 * Random numbers on the host: SplitMix64 started from a seed, a purpose and numbers such as the epoch, so
 * that the same question has the same answer whatever was asked before. Not thread-safe.
 *
 * @see <a href="https://doi.org/10.1145/2660193.2660195">Steele, Lea and Flood, Fast splittable pseudorandom
 *     number generators</a>
 */
final class RandomStream {
  private static final long GAMMA = 0x9e3779b97f4a7c15L;

  private long state;

  RandomStream(long seed, String purpose, long... numbers) {
    long mixed = mix(seed + GAMMA);
    for (char c : purpose.toCharArray()) mixed = mix(mixed + c + GAMMA);
    for (long number : numbers) mixed = mix(mixed + mix(number + GAMMA) + GAMMA);
    state = mixed;
  }

  /** 64 random bits. */
  long next() {
    state += GAMMA;
    return mix(state);
  }

  /** Uniform from 0 to {@code bound - 1}, without bias. */
  long below(long bound) {
    while (true) {
      long bits = next() >>> 1;
      long value = bits % bound;
      // The last, incomplete round of the bound is thrown away.
      if (bits - value + (bound - 1) >= 0) return value;
    }
  }

  /** Uniform in [0, 1): a multiple of 2^-24, exact in f32. */
  float uniform() {
    return (next() >>> 40) * 0x1p-24f;
  }

  /**
   * About standard normal: twelve uniform numbers less six, so within -6 and 6 and the same on any machine.
   */
  double normal() {
    double sum = -6;
    for (int i = 0; i < 12; i++) sum += uniform();
    return sum;
  }

  /** Fills an array with 0 to {@code length - 1} in random order. */
  void permutation(long[] into) {
    for (int i = 0; i < into.length; i++) {
      int j = (int) below(i + 1L);
      into[i] = into[j];
      into[j] = i;
    }
  }

  private static long mix(long z) {
    z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }
}
