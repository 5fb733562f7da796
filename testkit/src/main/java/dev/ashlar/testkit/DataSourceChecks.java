package dev.ashlar.testkit;

import dev.ashlar.data.Dataset;
import dev.ashlar.model.Batch;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.TensorType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** What {@link DataSourceContract} checks of one source. */
record DataSourceChecks(DataSourceContract.Example example) {

  /** Examples that are looked at: the first and the last half of these. */
  private static final int MOST = 64;

  /** What arrays hold before they are read into: two that no number of a source is both of. */
  private static final byte[] BEFORE = {0x55, 0x2A};

  private static final int THREADS = 4;

  /** Several threads read so often, and at least for {@link #SHORTEST}; but no longer than {@link #LONGEST}. */
  private static final int READS = 2_000;
  private static final long SHORTEST = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long LONGEST = TimeUnit.MILLISECONDS.toNanos(1_500);

  /** Examples of one such read. */
  private static final int TOGETHER = 16;

  void size() throws IOException {
    try (Dataset data = example.source().open()) {
      expect(data.size() == example.size(),
          "it has " + data.size() + " examples, and " + example.size() + " are claimed");
      expect(!data.isEmpty(), "isEmpty() says that there are none");
      expect(!data.columns().isEmpty(), "it has no columns");
      Values.requireVaried(2, read(data, positions(data)));
    }
  }

  /** Rows that are read are written in full, whatever was in them; those behind stay as they are. */
  void rows() throws IOException {
    try (Dataset data = example.source().open()) {
      long[] positions = positions(data);
      Map<String, NDArray> first = batch(data, positions.length + 1, BEFORE[0]);
      Map<String, NDArray> second = batch(data, positions.length + 1, BEFORE[1]);
      data.read(positions, positions.length, first);
      data.read(positions, positions.length, second);
      for (String column : data.columns().keySet()) {
        NDArray one = first.get(column);
        NDArray other = second.get(column);
        expect(same(one.rows(0, positions.length), other.rows(0, positions.length)),
            "column '" + column + "' is not filled in full: what was in the array before shows");
        for (NDArray array : List.of(one, other)) {
          byte before = array == one ? BEFORE[0] : BEFORE[1];
          NDArray behind = array.rows(positions.length, positions.length + 1);
          expect(same(behind, filled(behind.type(), before)),
              "column '" + column + "' has a row written that was not asked for, behind those that were");
        }
      }
    }
  }

  void order() throws IOException {
    try (Dataset data = example.source().open()) {
      long[] positions = positions(data);
      long[] mixed = LongStream.range(0, 2L * positions.length)
          .map(i -> positions[positions.length - 1 - (int) (i / 2)]).toArray();
      Map<String, NDArray> together = read(data, mixed);
      for (int i = 0; i < mixed.length; i++) {
        Map<String, NDArray> alone = read(data, new long[] {mixed[i]});
        for (String column : data.columns().keySet()) {
          expect(same(alone.get(column), together.get(column).rows(i, i + 1)),
              "example " + mixed[i] + " is another in column '" + column + "' when it is read among others");
        }
      }
    }
  }

  void repeats() throws IOException {
    try (Dataset data = example.source().open(); Dataset again = example.source().open()) {
      expect(data.columns().equals(again.columns()), "opened again, it has columns " + again.columns() + ", and not "
          + data.columns());
      expect(data.classes().equals(again.classes()), "opened again, it has classes " + again.classes() + ", and not "
          + data.classes());
      expectSame(data, read(data, positions(data)), read(again, positions(again)),
          "opened again, it has other examples");
    }
  }

  /** Threads read the same examples over and over, in other orders: what they share gets mixed up sooner or later. */
  void threads() throws IOException {
    try (Dataset data = example.source().open()) {
      Readers readers = new Readers(data, positions(data));
      List<CompletableFuture<Void>> reading = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        Random random = new Random(i);
        reading.add(CompletableFuture.runAsync(() -> readers.read(random), task -> Thread.ofPlatform().start(task)));
      }
      CompletableFuture.allOf(reading.toArray(CompletableFuture[]::new)).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof AssertionError otherwise) {
        throw otherwise;
      }
      throw new AssertionError("read by several threads at once, it fails: " + e.getCause(), e.getCause());
    }
  }

  /** What several threads do at once. */
  private static final class Readers {
    private final Dataset data;
    private final long[] positions;
    private final Map<String, NDArray> alone;
    private final CountDownLatch ready = new CountDownLatch(THREADS);
    private final AtomicInteger reads = new AtomicInteger();
    private final AtomicBoolean failed = new AtomicBoolean();

    Readers(Dataset data, long[] positions) {
      this.data = data;
      this.positions = positions;
      this.alone = DataSourceChecks.read(data, positions);
    }

    void read(Random random) {
      ready.countDown();
      try {
        ready.await();
        Map<String, NDArray> batch = batch(data, TOGETHER, (byte) 0);
        long began = System.nanoTime();
        for (long now = 0; !failed.get() && now < LONGEST && (reads.get() < READS || now < SHORTEST);
            now = System.nanoTime() - began) {
          once(random.ints(1 + random.nextInt(TOGETHER), 0, positions.length).toArray(), batch);
        }
      } catch (IOException e) {
        failed.set(true);
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      } catch (RuntimeException | Error e) {
        failed.set(true);
        throw e;
      }
    }

    private void once(int[] chosen, Map<String, NDArray> batch) throws IOException {
      data.read(IntStream.of(chosen).mapToLong(i -> positions[i]).toArray(), chosen.length, batch);
      reads.incrementAndGet();
      for (String column : data.columns().keySet()) {
        for (int i = 0; i < chosen.length; i++) {
          expect(same(alone.get(column).rows(chosen[i], chosen[i] + 1), batch.get(column).rows(i, i + 1)),
              "read by several threads at once, example " + positions[chosen[i]] + " is another in column '" + column
                  + "': keep what a read works with in read(), and read files by position");
        }
      }
    }
  }

  void names() throws IOException {
    try (Dataset data = example.source().open()) {
      TensorType target = data.columns().get(Batch.TARGET);
      if (!data.classes().isEmpty()) {
        expect(target != null && !target.dtype().isFloating(),
            "it has classes, but column '" + Batch.TARGET + "' counts none: " + target);
        NDArray values = read(data, positions(data)).get(Batch.TARGET);
        // Of many targets in an example, some may say by a number below 0 that they do not count.
        boolean each = target.shape().rank() == 0;
        for (long i = 0; i < values.size(); i++) {
          expect((values.get(i) >= 0 || !each) && values.get(i) < data.classes().size(),
              "a target is class " + (long) values.get(i) + ", of " + data.classes().size());
        }
      }
      TensorType input = data.columns().get(Batch.INPUT);
      expect(data.features().isEmpty() || input != null && data.features().size() == input.shape().size(),
          data.features().size() + " names of features for inputs " + input);
      expect(data.targets().isEmpty() || target != null && data.targets().size() == target.shape().size(),
          data.targets().size() + " names of targets for targets " + target);
    }
  }

  void files() throws IOException {
    for (Path file : example.source().files()) {
      expect(Files.exists(file), "files() names " + file + ", which is not there");
    }
  }

  private static long[] positions(Dataset data) {
    long half = Math.min(data.size(), MOST / 2);
    long later = Math.max(half, data.size() - MOST / 2);
    return LongStream.concat(LongStream.range(0, half), LongStream.range(later, data.size())).toArray();
  }

  private static Map<String, NDArray> read(Dataset data, long[] positions) {
    Map<String, NDArray> batch = batch(data, positions.length, (byte) 0);
    try {
      data.read(positions, positions.length, batch);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return batch;
  }

  private static Map<String, NDArray> batch(Dataset data, int rows, byte before) {
    Map<String, NDArray> batch = new LinkedHashMap<>();
    data.columns().forEach((name, type) ->
        batch.put(name, filled(type.withShape(Shape.of(rows).concat(type.shape())), before)));
    return batch;
  }

  private static NDArray filled(TensorType type, byte value) {
    NDArray array = NDArray.zeros(type);
    array.data().fill(value);
    return array;
  }

  private static void expectSame(
      Dataset data, Map<String, NDArray> some, Map<String, NDArray> others, String otherwise) {
    for (String column : data.columns().keySet()) {
      expect(same(some.get(column), others.get(column)), otherwise + ", in column '" + column + "'");
    }
  }

  /** To the bit. */
  private static boolean same(NDArray one, NDArray other) {
    return one.type().equals(other.type()) && one.data().mismatch(other.data()) == -1;
  }

  private static void expect(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}
