package dev.ashlar.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.autodiff.Gradients;
import dev.ashlar.backend.cpu.compiler.Step;
import dev.ashlar.program.Computation;
import dev.ashlar.program.Workspace;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Scan;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Loops are compiled once whatever their length, and run with the same bits for any threads. */
class LoopsTest {

  private static final int BATCH = 16;
  private static final int UNITS = 96;

  /** Loss and gradients of a GRU-like loop whose weights are constants of its body. */
  private static Computation training(int length) {
    Tensor x = Tensor.input("x", TensorType.of(DType.F32, length, BATCH, UNITS));
    Tensor w = Tensor.input("w", TensorType.of(DType.F32, UNITS, UNITS));
    Tensor b = Tensor.input("b", TensorType.of(DType.F32, UNITS));
    Tensor zero = Tensor.zeros(TensorType.of(DType.F32, BATCH, UNITS));
    Scan all = Scan.over(List.of(zero), List.of(x), (state, entry) -> {
      Tensor h = state.getFirst();
      Tensor z = entry.getFirst().add(h.matmul(w)).add(b).sigmoid();
      Tensor next = h.mul(z).add(entry.getFirst().tanh().mul(z.neg().add(1)));
      return new Scan(List.of(next), List.of(next));
    });
    Tensor loss = all.outputs().getFirst().square().mean().add(all.state().getFirst().sum());
    List<Tensor> gradients = Gradients.of(loss, List.of(x, w, b));
    return new Computation("training",
        Tensors.of("loss", loss, "x", gradients.get(0)).with("w", gradients.get(1)).with("b", gradients.get(2)),
        List.of());
  }

  private static Workspace filled(CpuBackend backend, int length) {
    Workspace workspace = backend.compile(training(length)).open(backend.newStore());
    Random random = new Random(1);
    for (String name : List.of("x", "w", "b")) {
      NDArray array = workspace.argument(name);
      for (long i = 0; i < array.size(); i++) {
        array.set(i, 0.2 * random.nextGaussian());
      }
    }
    return workspace;
  }

  @Test
  void aLongLoopIsAsManyStepsAndKernelsAsAShortOne() {
    try (CpuBackend backend = Cpu.defaults().open()) {
      CpuProgram small = (CpuProgram) backend.compile(training(3));
      CpuProgram large = (CpuProgram) backend.compile(training(300));

      assertThat(large.steps()).hasSameSizeAs(small.steps());
      assertThat(large.kernels()).isEqualTo(small.kernels());
      assertThat(large.steps().stream().filter(s -> s.work() instanceof Step.Work.Repeat))
          .as("the forward loop, which the gradient shares, and the one back").hasSize(2);
    }
  }

  @Test
  void theGradientOfAWeightIsOneProductBehindTheLoop() {
    try (CpuBackend backend = Cpu.defaults().open()) {
      CpuProgram program = (CpuProgram) backend.compile(training(9));

      assertThat(program.steps().stream().filter(s -> s.work() instanceof Step.Work.Multiply)).hasSize(1);
    }
  }

  @Test
  void sameBitsForAnyThreads() {
    List<List<NDArray>> all = new ArrayList<>();
    for (int threads : new int[] {1, 2, 5}) {
      try (CpuBackend backend = Cpu.defaults().withThreads(threads).open()) {
        Workspace workspace = filled(backend, 20);
        workspace.run();
        all.add(List.of(workspace.result("loss").copy(), workspace.result("x").copy(), workspace.result("w").copy(),
            workspace.result("b").copy()));
        workspace.close();
      }
    }
    for (List<NDArray> other : all) {
      for (int i = 0; i < other.size(); i++) {
        assertThat(other.get(i).data().mismatch(all.getFirst().get(i).data())).isEqualTo(-1);
      }
    }
  }

  /** Once C2 has compiled what binds and runs a step; until then method handles leave some. */
  @Test
  void warmStepsLeaveNothingOnTheHeap() {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (CpuBackend backend = Cpu.defaults().withThreads(1).open()) {
      Workspace workspace = filled(backend, 50);
      for (int i = 0; i < 400; i++) {
        workspace.run();
      }
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 20; i++) {
        workspace.run();
      }
      assertThat(threads.getCurrentThreadAllocatedBytes() - before)
          .as("bytes in 2,000 steps of a loop").isLessThan(1_000);
      workspace.close();
    }
  }
}
