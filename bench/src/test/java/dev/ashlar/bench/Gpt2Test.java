package dev.ashlar.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.backend.cpu.Cpu;
import dev.ashlar.backend.cpu.CpuProgram;
import dev.ashlar.layers.losses.CrossEntropy;
import dev.ashlar.model.Batch;
import dev.ashlar.optimizers.AdamW;
import dev.ashlar.optimizers.Chain;
import dev.ashlar.optimizers.ClipByGlobalNorm;
import dev.ashlar.program.Backend;
import dev.ashlar.program.Computation;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.training.Programs;
import dev.ashlar.training.Task;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A large model is a small program: layers of equal structure share their kernels. */
class Gpt2Test {

  @Test
  void trainingGraphNeedsFewKernels() {
    try (Backend backend = Cpu.defaults().open()) {
      CpuProgram step = (CpuProgram) backend.compile(trainingStep());
      assertThat(step.kernels()).isLessThan(60);
    }
  }

  static Computation trainingStep() {
    TensorType tokens = TensorType.of(DType.I32, 64);
    Map<String, TensorType> columns = new LinkedHashMap<>();
    columns.put(Batch.INPUT, tokens);
    columns.put(Batch.TARGET, tokens);
    var optimizer = new Chain(List.of(new ClipByGlobalNorm(1)), AdamW.of(1e-3));
    return Programs.step(Task.of(Models.Gpt.SMALL.model(), new CrossEntropy(), optimizer), columns, 4, 1000);
  }

  /** Times for the record, in a JVM of its own: {@code java -cp .. dev.ashlar.bench.Gpt2Test}. */
  public static void main(String[] arguments) {
    for (int i = 0; i < 3; i++) {
      long start = System.nanoTime();
      Computation step = trainingStep();
      long traced = System.nanoTime();
      try (Backend backend = Cpu.defaults().open()) {
        long opened = System.nanoTime();
        CpuProgram program = (CpuProgram) backend.compile(step);
        System.out.printf("traced %d ms, compiled %d ms, %d kernels%n", (traced - start) / 1_000_000,
            (System.nanoTime() - opened) / 1_000_000, program.kernels());
      }
    }
  }
}
