package dev.ashlar.bench;

import dev.ashlar.backend.cpu.Cpu;
import dev.ashlar.backend.cpu.Emission;
import dev.ashlar.program.Backend;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Each kind of generated kernel, and the workloads of one operation, by machine code and bytecode, on all cores. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 10, time = 1)
@Fork(value = 2, jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
public class OperationBenchmark {
  @Param({"gelu", "strange-mish", "softmax", "rows-summed", "columns-summed", "transpose", "running-sum",
    "cross-entropy", "sgd-momentum", "adamw", "strange-lion", "embedding", "convolution", "max-pool", "attention",
    "attention-long", "gemm-1024", "gemm-mlp", "pointwise", "layernorm"})
  public String operation = "";

  @Param({"AUTO", "BYTECODE"}) public Emission emitter = Emission.AUTO;

  private @Nullable Backend backend;
  private Workload.@Nullable Prepared prepared;

  /** Compiles. */
  @Setup public void prepare() {
    backend = Cpu.defaults().withEmitter(emitter).open();
    prepared = Workloads.find(operation).orElseThrow().setup().prepare(backend);
  }

  /** Closes. */
  @TearDown public void close() {
    prepared.close();
    backend.close();
  }

  /** Runs once. */
  @Benchmark public void run() {
    prepared.run();
  }
}
