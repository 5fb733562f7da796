package dev.ashlar.testkit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.data.DataSource;
import dev.ashlar.data.Dataset;
import dev.ashlar.model.Batch;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.TensorType;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sources that break a promise fail the test of it. */
class DataSourceContractBitesTest {

  /** Ten examples of two numbers, each its position, and their class. */
  private static class Good implements Dataset {
    @Override
    public long size() {
      return 10;
    }

    @Override
    public SequencedMap<String, TensorType> columns() {
      SequencedMap<String, TensorType> columns = new LinkedHashMap<>();
      columns.put(Batch.INPUT, TensorType.of(DType.F32, 2));
      columns.put(Batch.TARGET, TensorType.of(DType.I32));
      return columns;
    }

    @Override
    public void read(long[] positions, int count, Map<String, NDArray> batch) throws IOException {
      for (int i = 0; i < count; i++) {
        batch.get(Batch.INPUT).set(2L * i, positions[i]);
        batch.get(Batch.INPUT).set(2L * i + 1, -positions[i]);
        batch.get(Batch.TARGET).set(i, positions[i] % 2);
      }
    }

    @Override
    public List<String> classes() {
      return List.of("even", "odd");
    }
  }

  private static DataSourceChecks checks(Dataset data) {
    return new DataSourceChecks(new DataSourceContract.Example(() -> data, 10));
  }

  private static void fails(ThrowingCallable check, String message) {
    assertThatThrownBy(check).isInstanceOf(AssertionError.class).hasMessageContaining(message);
  }

  @Test
  void aGoodOnePasses() throws IOException {
    DataSourceChecks checks = checks(new Good());
    checks.size();
    checks.rows();
    checks.order();
    checks.repeats();
    checks.threads();
    checks.names();
    checks.files();
  }

  @Test
  void sizes() {
    fails(() -> new DataSourceChecks(new DataSourceContract.Example(Good::new, 11)).size(), "10 examples, and 11");
    fails(() -> checks(new Good() {
      @Override
      public boolean isEmpty() {
        return true;
      }
    }).size(), "isEmpty()");
  }

  @Test
  void rowsThatAreNotFilledOrNotAskedFor() {
    fails(() -> checks(new Good() {
      @Override
      public void read(long[] positions, int count, Map<String, NDArray> batch) {
        for (int i = 0; i < count; i++) {
          batch.get(Batch.INPUT).set(2L * i, positions[i]);
        }
      }
    }).rows(), "column 'input' is not filled in full");
    fails(() -> checks(new Good() {
      @Override
      public void read(long[] positions, int count, Map<String, NDArray> batch) throws IOException {
        super.read(positions, count, batch);
        NDArray target = batch.get(Batch.TARGET);
        target.set(target.size() - 1, 0);
      }
    }).rows(), "column 'target' has a row written that was not asked for");
  }

  @Test
  void examplesThatDependOnOthers() {
    fails(() -> checks(new Good() {
      @Override
      public void read(long[] positions, int count, Map<String, NDArray> batch) throws IOException {
        super.read(positions, count, batch);
        batch.get(Batch.INPUT).set(0, count);
      }
    }).order(), "when it is read among others");
    AtomicInteger opened = new AtomicInteger();
    DataSource counting = () -> {
      int which = opened.incrementAndGet();
      return new Good() {
        @Override
        public void read(long[] positions, int count, Map<String, NDArray> batch) throws IOException {
          super.read(positions, count, batch);
          batch.get(Batch.INPUT).set(0, which);
        }
      };
    };
    fails(() -> new DataSourceChecks(new DataSourceContract.Example(counting, 10)).repeats(), "opened again");
  }

  @Test
  void sharedPlacesThatThreadsFightFor() {
    fails(() -> checks(new Good() {
      private final AtomicInteger reading = new AtomicInteger();

      @Override
      public void read(long[] positions, int count, Map<String, NDArray> batch) throws IOException {
        if (reading.incrementAndGet() > 1) {
          throw new IllegalStateException("one at a time");
        }
        try {
          Thread.sleep(50);
          super.read(positions, count, batch);
        } catch (InterruptedException e) {
          throw new IOException(e);
        } finally {
          reading.decrementAndGet();
        }
      }
    }).threads(), "one at a time");
  }

  @Test
  void aPlaceThatReadsShare() {
    fails(() -> checks(new Good() {
      private final float[] shared = new float[64];

      @Override
      public void read(long[] positions, int count, Map<String, NDArray> batch) throws IOException {
        super.read(positions, count, batch);
        for (int i = 0; i < count; i++) {
          shared[2 * i] = positions[i];
          shared[2 * i + 1] = -positions[i];
        }
        for (int i = 0; i < 2 * count; i++) {
          batch.get(Batch.INPUT).set(i, shared[i]);
        }
      }
    }).threads(), "is another in column 'input': keep what a read works with in read()");
  }

  @Test
  void aFileThatReadsMoveIn(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("numbers");
    ByteBuffer numbers = ByteBuffer.allocate(80);
    for (int i = 0; i < 10; i++) {
      numbers.putFloat(i).putFloat(-i);
    }
    Files.write(file, numbers.array());
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "r")) {
      fails(() -> checks(new Good() {
        @Override
        public void read(long[] positions, int count, Map<String, NDArray> batch) throws IOException {
          super.read(positions, count, batch);
          byte[] row = new byte[8];
          for (int i = 0; i < count; i++) {
            open.seek(8 * positions[i]);
            open.readFully(row);
            batch.get(Batch.INPUT).set(2L * i, ByteBuffer.wrap(row).getFloat());
          }
        }
      }).threads(), "read by several threads at once");
    }
  }

  @Test
  void namesThatDoNotFit() {
    fails(() -> checks(new Good() {
      @Override
      public List<String> classes() {
        return List.of("even");
      }
    }).names(), "a target is class 1, of 1");
    fails(() -> checks(new Good() {
      @Override
      public List<String> features() {
        return List.of("one");
      }
    }).names(), "1 names of features");
    DataSource elsewhere = new DataSource() {
      @Override
      public Dataset open() {
        return new Good();
      }

      @Override
      public List<Path> files() {
        return List.of(Path.of("nowhere"));
      }
    };
    fails(() -> new DataSourceChecks(new DataSourceContract.Example(elsewhere, 10)).files(), "nowhere");
  }
}
