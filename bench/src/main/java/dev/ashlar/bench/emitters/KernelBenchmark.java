package dev.ashlar.bench.emitters;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A kernel by each emitter, alone and after many others. {@link KernelWork.Task} says what a run computes.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 10, time = 1)
@Measurement(iterations = 10, time = 1)
@Fork(value = 2, jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
public class KernelBenchmark {
  @Param public KernelWork.Task task = KernelWork.Task.TILE;
  @Param public Maker maker = Maker.VECTORS;
  @Param({"0", "500"}) public int crowd;

  private KernelWork work = new KernelWork(KernelWork.Task.ADD, Maker.PLAIN, 0);

  @Setup public void prepare() {
    work = new KernelWork(task, maker, crowd);
  }

  @Benchmark public void run() {
    work.run();
  }
}
