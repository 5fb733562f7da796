package dev.ashlar.training;

import dev.ashlar.reference.Threefry;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Chooses the next tokens of sequences, one call after the other; see {@link Sampling}. Logits are in f32, as those who
 * defined these filters have them; probabilities and their sums in f64, in the order of the tokens. Not thread-safe.
 */
final class Sampler {

  private final Sampling sampling;
  private final float[] scores;
  /** exp(score - largest score); 0 for what is left out. */
  private final double[] weights;
  private final float[] sorted;
  private final long[] keys;

  Sampler(Sampling sampling, int vocabulary) {
    this.sampling = sampling;
    this.scores = new float[vocabulary];
    this.weights = new double[vocabulary];
    this.sorted = new float[vocabulary];
    this.keys = new long[vocabulary];
  }

  /**
   * The next token of a sequence.
   *
   * @param logits [rows, 1, vocabulary]
   * @param row of the sequence
   * @param seen tokens of the prompt and new ones
   * @param banned tokens that are not to come
   * @param prompt number of the prompt, and so of the random stream
   * @param index number of the new token, from 0
   * @throws NoTokenException if a logit is not a number, or no token is left
   */
  int next(NDArray logits, int row, BitSet seen, BitSet banned, long prompt, int index) {
    read(logits, row, index);
    penalize(seen);
    for (int id = banned.nextSetBit(0); id >= 0 && id < scores.length; id = banned.nextSetBit(id + 1)) {
      scores[id] = Float.NEGATIVE_INFINITY;
    }
    int largest = largest();
    if (Float.isInfinite(scores[largest]) && !(sampling.greedy() && scores[largest] > 0)) {
      throw new NoTokenException(index, "the largest logit is " + scores[largest]);
    }
    if (sampling.greedy()) {
      return largest;
    }
    filter();
    return drawn(uniform(sampling.seed(), prompt, index));
  }

  private void read(NDArray logits, int row, int index) {
    long first = (long) row * scores.length;
    if (logits.dtype() == DType.F32) {
      MemorySegment.copy(logits.data(), ValueLayout.JAVA_FLOAT_UNALIGNED, first * Float.BYTES, scores, 0,
          scores.length);
    } else {
      for (int i = 0; i < scores.length; i++) {
        scores[i] = (float) logits.get(first + i);
      }
    }
    for (int i = 0; i < scores.length; i++) {
      if (Float.isNaN(scores[i])) {
        throw new NoTokenException(index, "the logit of token " + i + " is NaN");
      }
    }
  }

  private void penalize(BitSet seen) {
    float penalty = (float) sampling.repetitionPenalty();
    if (penalty != 1) {
      for (int id = seen.nextSetBit(0); id >= 0 && id < scores.length; id = seen.nextSetBit(id + 1)) {
        scores[id] = scores[id] < 0 ? scores[id] * penalty : scores[id] / penalty;
      }
    }
  }

  private int largest() {
    int largest = 0;
    for (int i = 1; i < scores.length; i++) {
      if (scores[i] > scores[largest]) {
        largest = i;
      }
    }
    return largest;
  }

  /** Weights of what is kept of the scores. */
  private void filter() {
    float temperature = (float) sampling.temperature();
    if (temperature != 1) {
      for (int i = 0; i < scores.length; i++) {
        scores[i] /= temperature;
      }
    }
    keepTopK();
    double largest = scores[largest()];
    double total = 0;
    for (int i = 0; i < scores.length; i++) {
      // Not Math.exp, which may differ from machine to machine.
      weights[i] = scores[i] == Float.NEGATIVE_INFINITY ? 0 : StrictMath.exp(scores[i] - largest);
      total += weights[i];
    }
    keepTopP(total);
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] < sampling.minP()) { // the largest weight is 1
        weights[i] = 0;
      }
    }
  }

  /** As ties with the last one are kept, there may be more. */
  private void keepTopK() {
    if (sampling.topK() == 0 || sampling.topK() >= scores.length) {
      return;
    }
    System.arraycopy(scores, 0, sorted, 0, scores.length);
    Arrays.sort(sorted);
    float least = sorted[sorted.length - sampling.topK()];
    for (int i = 0; i < scores.length; i++) {
      if (scores[i] < least) {
        scores[i] = Float.NEGATIVE_INFINITY;
      }
    }
  }

  /** The smallest number of tokens, likely ones first, that have the probability; of equal ones the lower is first. */
  private void keepTopP(double total) {
    if (sampling.topP() >= 1) {
      return;
    }
    double wanted = sampling.topP() * total;
    // All below this together have less than what may be left out, so none of them is needed; twice for rounding.
    double never = (1 - sampling.topP()) * total / weights.length / 2;
    int count = 0;
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] > never) {
        keys[count++] = (long) ~ordered(scores[i]) << 32 | i;
      } else {
        weights[i] = 0;
      }
    }
    Arrays.sort(keys, 0, count);
    double sum = 0;
    for (int i = 0; i < count; i++) {
      int id = (int) keys[i];
      if (i > 0 && sum >= wanted) {
        weights[id] = 0;
      } else {
        sum += weights[id];
      }
    }
  }

  /** Bits that as whole numbers are in the order of the floats; 0 and -0 are the same. */
  private static int ordered(float score) {
    int bits = Float.floatToIntBits(score + 0f);
    return bits < 0 ? bits ^ 0x7fffffff : bits;
  }

  private int drawn(double uniform) {
    double total = 0;
    for (double weight : weights) {
      total += weight;
    }
    double target = uniform * total;
    double sum = 0;
    int last = 0;
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] > 0) {
        sum += weights[i];
        last = i;
        if (sum > target) {
          break;
        }
      }
    }
    return last;
  }

  /** In [0, 1), a multiple of 2^-53: Threefry under the seed at the counter of prompt and token. */
  static double uniform(long seed, long prompt, int index) {
    // The prompt's high word enters the key, where it changes nothing for the first four thousand million.
    int high = (int) (seed >>> 32) ^ Integer.reverse((int) (prompt >>> 32));
    return (Threefry.block((int) seed, high, index, (int) prompt) >>> 11) * 0x1p-53;
  }

  /** Probabilities of all tokens after the filters; for tests. */
  double[] probabilities(NDArray logits, BitSet seen) {
    read(logits, 0, 0);
    penalize(seen);
    filter();
    double total = Arrays.stream(weights).sum();
    return Arrays.stream(weights).map(weight -> weight / total).toArray();
  }
}
