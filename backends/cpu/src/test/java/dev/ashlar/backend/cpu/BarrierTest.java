package dev.ashlar.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.autodiff.Gradients;
import dev.ashlar.autodiff.Remat;
import dev.ashlar.program.Backend;
import dev.ashlar.program.Computation;
import dev.ashlar.program.Variable;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Functions;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Origin;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands behind a barrier is computed again, of the values that were there. */
class BarrierTest {

  private static final int BLOCKS = 4;

  private static Tensor leaf(String name, int... dims) {
    return Tensor.apply(new Op.Input(Op.Role.VARIABLE, name, TensorType.of(DType.F32, dims)));
  }

  private static Variable updated(String name, Tensor before, Tensor after) {
    return new Variable(name, Variable.Kind.PARAMETER, before, after, Tensor.zeros(before.type()));
  }

  private static Map<String, NDArray> run(Computation computation, int threads, boolean optimize, int times) {
    try (Backend backend = Cpu.defaults().withThreads(threads).withOptimize(optimize).open()) {
      return Compare.run(backend, computation, Compare.values(computation, 3), times);
    }
  }

  /** The variable's next value is made before the other name is read. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void namesTheOldValueOfAVariable(boolean reshaped) {
    Tensor w = leaf("w", 24);
    Tensor x = Tensor.input("x", TensorType.of(DType.F32, 6, 4));
    Tensor after = w.add(Tensor.input("g", TensorType.of(DType.F32, 24)));
    Tensor named = Functions.barrier(List.of(reshaped ? w.reshape(Shape.of(6, 4)) : w.mul(1)), List.of(x)).getFirst();
    Tensor y = named.reshape(Shape.of(6, 4)).mul(x.add(after.cumSum(0).reshape(Shape.of(6, 4)))).cumSum(0);
    Computation computation = new Computation("named", Tensors.of(Map.of("y", y)), List.of(updated("w", w, after)));
    Map<String, NDArray> expected = Compare.expected(computation, Compare.values(computation, 3));
    Compare.assertClose(run(computation, 2, true, 1), expected, 1e-5);
    Compare.assertClose(run(computation, 1, false, 1), expected, 1e-5);
  }

  /** Gradients and updates, with all kept and with blocks computed again. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void trainingIsTheSameBits(boolean reshaped) {
    List<Map<String, NDArray>> found = new ArrayList<>();
    for (boolean again : new boolean[] {false, true}) {
      Computation computation = training(again, reshaped, 8);
      for (int threads : new int[] {1, 3}) {
        found.add(run(computation, threads, true, 3));
        found.add(run(computation, threads, false, 3));
      }
    }
    found.forEach(each -> Compare.assertSameBits(each, found.getFirst()));
  }

  @Test
  void whatIsComputedAgainIsNotKept() {
    try (Backend backend = Cpu.defaults().open()) {
      long kept = backend.compile(training(false, false, 4096)).workspaceBytes();
      assertThat(backend.compile(training(true, false, 4096)).workspaceBytes()).isLessThan(kept * 3 / 4);
    }
  }

  private static Computation training(boolean again, boolean reshaped, int rows) {
    List<Tensor> weights = new ArrayList<>();
    List<String> paths = new ArrayList<>();
    Tensor x = Tensor.input("x", TensorType.of(DType.F32, rows, 16));
    for (int i = 0; i < BLOCKS; i++) {
      Tensor w = reshaped ? leaf("w" + i, 256) : leaf("w" + i, 16, 16);
      Tensor square = reshaped ? w.reshape(Shape.of(16, 16)) : w.transpose();
      Tensor in = x;
      weights.add(w);
      paths.add("blocks." + i);
      x = Origin.within(paths.get(i),
          () -> in.add(in.matmul(square).tanh().mul(in.tanh().matmul(square).tanh()).matmul(square).tanh()));
    }
    Tensor loss = x.mul(x).mean();
    List<Tensor> gradients = again ? Remat.gradients(loss, weights, paths) : Gradients.of(loss, weights);
    List<Variable> variables = new ArrayList<>();
    for (int i = 0; i < BLOCKS; i++) { // the last layer's first: its update waits for nothing else
      variables.addFirst(updated("w" + i, weights.get(i), weights.get(i).sub(gradients.get(i).mul(0.1))));
    }
    return new Computation("training", Tensors.of(Map.of("loss", loss)), variables);
  }
}
