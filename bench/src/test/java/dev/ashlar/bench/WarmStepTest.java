package dev.ashlar.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.ashlar.backend.cpu.Cpu;
import dev.ashlar.layers.losses.CrossEntropy;
import dev.ashlar.model.Batch;
import dev.ashlar.model.Block;
import dev.ashlar.optimizers.AdamW;
import dev.ashlar.program.Backend;
import dev.ashlar.program.Computation;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.training.Programs;
import dev.ashlar.training.Task;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A warm training step allocates nothing on the heap, on any thread. */
class WarmStepTest {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  enum Net {
    DIGITS(Models.mlp(), TensorType.of(DType.F32, 64), 64, 10),
    CNN(Models.cnn(), TensorType.of(DType.F32, 1, 12, 12), 8, 10),
    GPT(new Models.Gpt(31, 16, 2, 2, 32).model(), TensorType.of(DType.I32, 16), 4, 31);

    final Block model;
    final TensorType input;
    final int batch;
    final int classes;

    Net(Block model, TensorType input, int batch, int classes) {
      this.model = model;
      this.input = input;
      this.batch = batch;
      this.classes = classes;
    }

    Workload.Prepared prepare(Backend backend) {
      Map<String, TensorType> columns = new LinkedHashMap<>();
      columns.put(Batch.INPUT, input);
      columns.put(Batch.TARGET, this == GPT ? input : TensorType.of(DType.I32));
      Computation step = Programs.step(Task.of(model, new CrossEntropy(), AdamW.of(1e-3)), columns, batch, 1000);
      return new Runs(backend, step, Map.of(Batch.INPUT, classes, Batch.TARGET, classes, Batch.WEIGHT, -1));
    }
  }

  @ParameterizedTest
  @EnumSource
  void allocatesNothing(Net net) {
    try (Backend backend = Cpu.defaults().withThreads(2).open();
        Workload.Prepared step = net.prepare(backend)) {
      for (int i = 0; i < 300; i++) {
        step.run();
      }
      long[] threads = ourThreads();
      long[] before = THREADS.getThreadAllocatedBytes(threads);
      for (int i = 0; i < 1000; i++) {
        step.run();
      }
      long[] after = THREADS.getThreadAllocatedBytes(threads);
      long[] grown = new long[threads.length];
      Arrays.setAll(grown, i -> Math.max(0, after[i] - before[i]));
      // Reading the counters allocates the array that they are returned in.
      assertThat(Arrays.stream(grown).sum()).as("bytes over 1,000 steps").isLessThan(1000);
    }
  }

  /** This thread and the backend's, without those of the JVM that compile and collect. */
  private static long[] ourThreads() {
    Set<String> ours = Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("ashlar"))
        .collect(Collectors.toSet());
    ours.add(Thread.currentThread().getName());
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> ours.contains(thread.getName()))
        .mapToLong(Thread::threadId)
        .toArray();
  }
}
