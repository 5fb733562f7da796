package dev.ashlar.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ashlar.backend.cpu.compiler.Slot;
import dev.ashlar.program.Backend;
import dev.ashlar.program.Computation;
import dev.ashlar.program.Variable;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Functions;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Weights in BF16 or F16, computed with in f32: widened wherever they are read, with the bits that a widened copy would
 * give, and no such copy is made.
 */
class HalfWidthTest {

  private static final int[] SIZES = {1, 2, 3, 15, 16, 17, 31, 64, 97};
  private static final List<DType> TYPES = List.of(DType.BF16, DType.F16);

  /** Weights of a computation, and what it makes of them. */
  private static final class Graph {
    private final DType stored;
    private final List<Variable> variables = new ArrayList<>();
    private final Map<String, Tensor> results = new LinkedHashMap<>();

    Graph(DType stored) {
      this.stored = stored;
    }

    /** A weight as layers get it. */
    Tensor weight(String name, int... dims) {
      Tensor before = Tensor.apply(new Op.Input(Op.Role.VARIABLE, name, TensorType.of(stored, dims)));
      variables.add(new Variable(name, Variable.Kind.PARAMETER, before, before, Tensor.zeros(before.type())));
      return before.cast(DType.F32);
    }

    Graph result(String name, Tensor value) {
      results.put(name, value);
      return this;
    }

    Computation computation() {
      return new Computation("half", Tensors.of(results), variables);
    }
  }

  private static Tensor input(String name, int... dims) {
    return Tensor.input(name, TensorType.of(DType.F32, dims));
  }

  /** Everything that transformers do with weights. */
  private static Graph layers(DType stored, int m, int n, int k) {
    Graph graph = new Graph(stored);
    Tensor x = input("x", m, k);
    Tensor table = graph.weight("table", n, k);
    Tensor whole = graph.weight("qkv", k, 3 * n);
    Tensor ids = Tensor.input("ids", TensorType.of(DType.I32, m));
    return graph.result("plain", x.matmul(graph.weight("w", k, n)).add(graph.weight("bias", n)))
        .result("transposed", x.matmul(graph.weight("wt", n, k).transpose()))
        .result("q", x.matmul(whole.slice(1, 0, n)))
        .result("v", x.matmul(whole.slice(1, 2 * n, 3 * n)))
        .result("flat", x.matmul(graph.weight("flat", k * n).reshape(Shape.of(k, n))))
        .result("left", graph.weight("l", n, m).matmul(x))
        .result("heads", x.reshape(Shape.of(m, 1, k)).matmul(graph.weight("heads", m, k, n)))
        .result("norm", Functions.layerNorm(x, graph.weight("scale", k), graph.weight("shift", k), 1e-5))
        .result("vectors", table.gather(ids).add(x))
        .result("logits", table.gather(ids).matmul(table.transpose()));
  }

  /** The same, and a product of a transposed weight that is read transposed. */
  private static Computation more(DType stored, int m, int n, int k) {
    Graph graph = layers(stored, m, n, k);
    Tensor left = graph.weight("lt", m, n).transpose();
    return graph.result("left_transposed", left.matmul(input("x", m, k)).transpose().mul(2)).computation();
  }

  private static Backend open(Emission emission, boolean optimize) {
    try {
      return Cpu.defaults().withThreads(2).withEmitter(emission).withOptimize(optimize).open();
    } catch (IllegalStateException refusal) {
      assumeTrue(false, refusal.getMessage());
      throw refusal;
    }
  }

  private static Map<String, NDArray> values(Computation computation, int rows, long seed) {
    Map<String, NDArray> values = new LinkedHashMap<>(Compare.values(computation, seed));
    NDArray ids = values.get("ids");
    for (int i = 0; i < ids.size(); i++) {
      ids.setLong(i, Math.floorMod(ids.getLong(i), rows));
    }
    // Every kind of number passes through where nothing is added up.
    double[] special = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.0, 0x1p-133, 0x1p-24};
    NDArray bias = values.get("bias");
    for (int i = 0; i < Math.min(special.length, bias.size()); i++) {
      bias.set(i, special[i]);
    }
    return values;
  }

  @ParameterizedTest
  @EnumSource(value = Emission.class, names = {"MACHINE", "MACHINE_AVX2", "BYTECODE", "BYTECODE_PLAIN"})
  void bitsAreThoseOfWidenedCopies(Emission emission) {
    Random random = new Random(5);
    try (Backend fused = open(emission, true); Backend apart = open(emission, false)) {
      for (int round = 0; round < (emission == Emission.BYTECODE ? 4 : 8); round++) {
        int m = round == 0 ? 1 : SIZES[random.nextInt(SIZES.length)];
        int n = SIZES[random.nextInt(SIZES.length)];
        int k = SIZES[random.nextInt(SIZES.length)];
        Computation computation = more(TYPES.get(round % 2), m, n, k);
        Map<String, NDArray> values = values(computation, n, round);
        Map<String, NDArray> found = Compare.run(fused, computation, values);
        Compare.assertSameBits(found, Compare.run(apart, computation, values));
        Compare.assertClose(found, Compare.expected(computation, values), 1e-5);
      }
    }
  }

  @Test
  void noCopyIsMadeOfAWeight() {
    for (DType stored : TYPES) {
      for (int m : new int[] {1, 8, 40}) {
        Computation computation = layers(stored, m, 512, 256).computation();
        try (Backend backend = open(Emission.AUTO, true)) {
          CpuProgram program = (CpuProgram) backend.compile(computation);
          assertThat(program.steps()).allSatisfy(step -> assertThat(step.writes())
              .as("step %s", step.label()).filteredOn(slot -> slot.kind() == Slot.Kind.TEMPORARY)
              .allMatch(slot -> slot.bytes() < 512 * 256 * 2));
          assertThat(program.workspaceBytes()).isLessThan(512 * 256 * 2);
        }
      }
    }
  }

  @Test
  void aWindowOfATableIsChosenFirst() {
    Graph graph = new Graph(DType.BF16);
    Tensor table = graph.weight("positions", 1000, 64);
    Tensor at = Tensor.input("at", TensorType.of(DType.I32));
    graph.result("window", table.dynamicSlice(List.of(at, Tensor.scalar(DType.I32, 0)), Shape.of(1, 64)).mul(2));
    Computation computation = graph.computation();
    Map<String, NDArray> values = Compare.values(computation, 1);
    try (Backend backend = open(Emission.AUTO, true)) {
      assertThat(backend.compile(computation).workspaceBytes()).isLessThan(1000);
      Compare.assertSameBits(Compare.run(backend, computation, values), Compare.expected(computation, values));
    }
  }
}
