package dev.ashlar.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.ashlar.backend.cpu.Cpu;
import dev.ashlar.layers.losses.CrossEntropy;
import dev.ashlar.model.Batch;
import dev.ashlar.model.Block;
import dev.ashlar.optimizers.AdamW;
import dev.ashlar.plugin.Registry;
import dev.ashlar.program.Backend;
import dev.ashlar.program.Computation;
import dev.ashlar.runtime.Configuration;
import dev.ashlar.runtime.PreparedRun;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.training.Programs;
import dev.ashlar.training.Task;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A warm training step allocates nothing on the heap, on any thread. */
class WarmStepTest {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final int STEPS = 300;

  enum Net {
    /** What {@code digits.yaml} trains. */
    DIGITS {
      @Override
      Computation step() throws IOException {
        var configuration = Configuration.read(Path.of("../examples/digits.yaml"), List.of(), Registry.discover());
        try (var run = PreparedRun.of(configuration)) {
          return Programs.step(run.task(), run.examples().train().columns(), run.settings().batch(), 1000);
        }
      }
    },
    /** At the size of MNIST. */
    CNN {
      @Override
      Computation step() {
        return classifier(Models.cnn(), TensorType.of(DType.F32, 1, 28, 28), TensorType.of(DType.I32), 8);
      }
    },
    GPT {
      @Override
      Computation step() {
        TensorType tokens = TensorType.of(DType.I32, 16);
        return classifier(new Models.Gpt(31, 16, 2, 2, 32).model(), tokens, tokens, 4);
      }
    };

    abstract Computation step() throws IOException;

    private static Computation classifier(Block model, TensorType input, TensorType target, int batch) {
      Map<String, TensorType> columns = new LinkedHashMap<>();
      columns.put(Batch.INPUT, input);
      columns.put(Batch.TARGET, target);
      return Programs.step(Task.of(model, new CrossEntropy(), AdamW.of(1e-3)), columns, batch, 1000);
    }
  }

  @ParameterizedTest
  @EnumSource
  void allocatesNothing(Net net) throws IOException {
    Map<String, Integer> limits = Map.of(Batch.INPUT, 10, Batch.TARGET, 10, Batch.WEIGHT, -1);
    try (Backend backend = Cpu.defaults().withThreads(2).open();
        Workload.Prepared step = new Runs(backend, net.step(), limits)) {
      run(step);
      long[] threads = ourThreads();
      long[] rounds = new long[3];
      for (int i = 0; i < rounds.length; i++) {
        long before = allocated(threads);
        run(step);
        rounds[i] = allocated(threads) - before;
      }
      // The JVM itself may allocate on a thread, once, such as when compiled code gives way to better.
      assertThat(Arrays.stream(rounds).min()).as("bytes over %d steps, %s", STEPS, Arrays.toString(rounds)).hasValue(0);
    }
  }

  private static void run(Workload.Prepared step) {
    for (int i = 0; i < STEPS; i++) {
      step.run();
    }
  }

  /** Bytes so far on all of these threads; asking for one at a time allocates nothing. */
  private static long allocated(long[] threads) {
    long sum = 0;
    for (long thread : threads) {
      sum += THREADS.getThreadAllocatedBytes(thread);
    }
    return sum;
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
