package dev.ashlar.io.data;

import java.util.OptionalLong;

/**
 * Which examples make which batch. The order of an epoch follows from the seed and the number of the epoch
 * alone, so a run that is resumed in the middle of one goes on as it would have. Not thread-safe.
 */
public final class BatchOrder {
  private final int size;
  private final int batch;
  private final OptionalLong seed;
  private final long[] order;
  private long epoch = -1;

  /**
   * For a set of examples.
   *
   * @param size number of examples, at least 1
   * @param batch examples in a batch; the last one may have fewer
   * @param seed of the shuffling; without one the examples keep their order
   */
  public BatchOrder(long size, int batch, OptionalLong seed) {
    if (size < 1) throw new IllegalArgumentException("no examples to make batches of");
    if (batch < 1) {
      throw new IllegalArgumentException("a batch of " + batch + " examples; it must be at least 1");
    }
    this.size = Math.toIntExact(size);
    this.batch = batch;
    this.seed = seed;
    this.order = new long[seed.isPresent() ? this.size : 0];
  }

  /** Batches in an epoch, an incomplete last one included. */
  public int batches() {
    return Math.ceilDiv(size, batch);
  }

  /**
   * The examples of one batch. Allocates nothing within an epoch.
   *
   * @param epoch counted from 0
   * @param number of the batch in the epoch, from 0
   * @param positions is filled from the front; at least as long as a batch
   * @return how many were filled in: the batch size, less for an incomplete last batch
   */
  public int read(long epoch, int number, long[] positions) {
    if (number < 0 || number >= batches()) {
      throw new IndexOutOfBoundsException("batch " + number + " of " + batches());
    }
    int from = number * batch;
    int count = Math.min(batch, size - from);
    if (seed.isEmpty()) {
      for (int i = 0; i < count; i++) positions[i] = from + i;
      return count;
    }
    if (epoch != this.epoch) {
      new RandomStream(seed.getAsLong(), "epoch", epoch).permutation(order);
      this.epoch = epoch;
    }
    System.arraycopy(order, from, positions, 0, count);
    return count;
  }
}
