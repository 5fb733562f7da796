package dev.ashlar.training;

import dev.ashlar.tensor.NDArray;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Reads the batch that comes next on a thread of its own, into arrays of its own, while a step runs. */
final class ReadAhead implements AutoCloseable {

  private final Source source;
  private final Map<String, NDArray> staged = new LinkedHashMap<>();
  private final ExecutorService thread = Executors.newSingleThreadExecutor(
      work -> Thread.ofPlatform().daemon().name("ashlar-read").unstarted(work));
  private @Nullable CompletableFuture<Integer> pending;
  private long pendingEpoch;
  private int pendingNumber;

  /** Fills a batch. Is asked by one thread at a time. */
  @FunctionalInterface
  interface Source {
    int read(long epoch, int number, Map<String, NDArray> batch) throws IOException;
  }

  ReadAhead(Source source, Map<String, NDArray> like) {
    this.source = source;
    like.forEach((name, array) -> staged.put(name, NDArray.zeros(array.type())));
  }

  /**
   * A batch, read by now if it was expected.
   *
   * @param isLast whether no batch of this epoch comes after it
   * @return how many examples it has
   */
  int load(long epoch, int number, boolean isLast, Map<String, NDArray> into) throws IOException {
    if (pending == null || pendingEpoch != epoch || pendingNumber != number) {
      settle();
      request(epoch, number);
    }
    int count = settle();
    staged.forEach((name, array) -> into.get(name).data().copyFrom(array.data()));
    if (!isLast) {
      request(epoch, number + 1);
    }
    return count;
  }

  private void request(long epoch, int number) {
    pendingEpoch = epoch;
    pendingNumber = number;
    pending = CompletableFuture.supplyAsync(() -> {
      try {
        return source.read(epoch, number, staged);
      } catch (IOException e) {
        throw new CompletionException(e);
      }
    }, thread);
  }

  /** Waits for what was asked for. */
  private int settle() throws IOException {
    CompletableFuture<Integer> asked = pending;
    pending = null;
    try {
      return asked == null ? 0 : asked.join();
    } catch (CompletionException e) {
      switch (e.getCause()) {
        case IOException cause -> throw cause;
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        default -> throw e;
      }
    }
  }

  /** Waits until nothing is read any more. */
  @Override
  public void close() {
    thread.close();
  }
}
