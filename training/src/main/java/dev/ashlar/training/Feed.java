package dev.ashlar.training;

import dev.ashlar.data.Dataset;
import dev.ashlar.io.data.BatchOrder;
import dev.ashlar.model.Batch;
import dev.ashlar.program.Computation;
import dev.ashlar.program.Lookups;
import dev.ashlar.program.Workspace;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.TensorType;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Fills a workspace's arguments with batches. The last batch of an epoch is padded with examples of its own,
 * at weight 0. Allocates nothing within an epoch, unless reading takes so long that it is done ahead, on a
 * thread of its own; which examples make which batch is the same either way.
 */
final class Feed implements AutoCloseable {

  /** Batches that show how long reading takes. */
  private static final int OBSERVED = 4;

  /** Reading that takes longer, in nanoseconds, is worth a thread: handing a batch over takes some microseconds. */
  private static final long LONG = 200_000;

  private final Dataset data;
  private final OptionalLong seed;
  private final BatchOrder order;
  private final Map<String, NDArray> columns = new LinkedHashMap<>();
  private final Lookups lookups;
  private final NDArray weight;
  private final String[] inputs;
  private final long[] positions;
  private int weighted;
  private int observed;
  private long spent;
  private @Nullable ReadAhead ahead;

  /**
   * @param computation that the workspace is for
   * @param batch examples in the workspace's batch
   * @param seed of the order; without one it stays that of the data
   */
  Feed(Dataset data, Computation computation, Workspace workspace, int batch, OptionalLong seed) {
    this.data = data;
    this.seed = seed;
    this.order = new BatchOrder(data.size(), batch, seed);
    this.lookups = Lookups.of(computation.graph());
    this.positions = new long[batch];
    Map<String, TensorType> used = computation.arguments();
    this.weight = used.containsKey(Batch.WEIGHT)
        ? workspace.argument(Batch.WEIGHT) : NDArray.zeros(TensorType.of(DType.F32, batch));
    this.inputs = Programs.inputs(data.columns()).keySet().toArray(String[]::new);
    // A set gives all its columns; those that neither model nor loss looks at are read and left.
    data.columns().forEach((name, type) -> columns.put(name, used.containsKey(name)
        ? workspace.argument(name) : NDArray.zeros(Model.batched(type, batch))));
  }

  private int timed(long epoch, int number) throws IOException {
    long start = System.nanoTime();
    int count = read(epoch, number, columns);
    spent += System.nanoTime() - start;
    if (++observed == OBSERVED) {
      if (spent > OBSERVED * LONG) {
        ahead = new ReadAhead(this::read, columns);
      }
      observed = 0;
      spent = 0;
    }
    return count;
  }

  private int read(long epoch, int number, Map<String, NDArray> batch) throws IOException {
    int count = order.read(epoch, number, positions);
    for (int i = count; i < positions.length; i++) {
      positions[i] = positions[i % count];
    }
    data.read(positions, positions.length, batch);
    return count;
  }

  /** The examples of a batch, by where they were in the data that were read; may be asked while another is read. */
  long[] examples(long epoch, int number) {
    long[] of = new long[positions.length];
    int count = new BatchOrder(data.size(), positions.length, seed).read(epoch, number, of);
    return Arrays.stream(of, 0, count).map(data::origin).toArray();
  }

  /** Batches in an epoch. */
  int batches() {
    return order.batches();
  }

  /**
   * Loads a batch.
   *
   * @param epoch from 0
   * @param number of the batch, from 0
   * @return how many examples it has: fewer than fit only in the last
   * @throws dev.ashlar.program.LookupException if an input holds a symbol that the model does not know
   */
  int load(long epoch, int number) throws IOException {
    int count = ahead != null ? ahead.load(epoch, number, number + 1 == batches(), columns) : timed(epoch, number);
    for (int i = 0; i < inputs.length; i++) {
      NDArray input = columns.get(inputs[i]);
      lookups.check(inputs[i], input, input.size() / positions.length * count);
    }
    if (count != weighted) {
      for (int i = 0; i < positions.length; i++) {
        weight.set(i, i < count ? 1 : 0);
      }
      weighted = count;
    }
    return count;
  }

  @Override
  public void close() {
    if (ahead != null) {
      ahead.close();
    }
  }
}
