package dev.ashlar.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.autodiff.Gradients;
import dev.ashlar.program.Backend;
import dev.ashlar.program.Computation;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Functions;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Attention block by block beside its definition with all scores at once. */
class AttentionTest {

  private static final int HEADS = 3;

  private static Tensor input(String name, int time, int width) {
    return Tensor.input(name, TensorType.of(DType.F32, HEADS, time, width));
  }

  /** Equation 1 of Vaswani et al., 2017. */
  private static Tensor definition(Tensor q, Tensor k, Tensor v, Tensor position) {
    TensorType square = TensorType.of(DType.I32, q.dim(-2), k.dim(-2));
    Tensor sees = Tensor.iota(square, 1).le(Tensor.iota(square, 0).add(position));
    Tensor scores = q.matmul(k.transpose()).div(Math.sqrt(q.dim(-1)));
    return Functions.softmax(sees.where(scores, Tensor.full(scores.type(), -1e30)), -1).matmul(v);
  }

  private static Computation computation(int queries, int keys, int position, boolean isKnown, boolean isDefinition) {
    Tensor q = input("q", queries, 8);
    Tensor k = input("k", keys, 8);
    Tensor v = input("v", keys, 5);
    Tensor g = input("g", queries, 5);
    Tensor at = isKnown ? Tensor.scalar(DType.I32, position) : Tensor.input("position", TensorType.of(DType.I32));
    Tensor y = isDefinition ? definition(q, k, v, at) : Functions.causalAttention(q, k, v, at);
    Map<String, Tensor> results = new LinkedHashMap<>(Map.of("y", y));
    List<Tensor> gradients = Gradients.vjp(List.of(y), List.of(g), List.of(q, k, v));
    for (int i = 0; i < gradients.size(); i++) {
      results.put("gradient_" + i, gradients.get(i));
    }
    return Compare.of(results);
  }

  @ParameterizedTest
  @CsvSource({"0,0,0", "0,3,0", "3,0,0", "1,1,0", "100,100,0", "512,512,0",
    "600,600,0", "550,700,0", "513,600,77", "513,600,300", "1030,1030,0"})
  void isWhatItsDefinitionSays(int queries, int keys, int position) {
    Computation known = computation(queries, keys, position, true, false);
    Computation asked = computation(queries, keys, position, false, false);
    Map<String, NDArray> values = Compare.values(asked, 5);
    values.put("position", NDArray.of(Shape.SCALAR, position));
    Map<String, NDArray> expected;
    try (Backend backend = Cpu.defaults().open()) {
      expected = Compare.run(backend, computation(queries, keys, position, true, true), values);
      Compare.assertClose(Compare.run(backend, known, values), expected, 5e-6);
      Compare.assertClose(Compare.run(backend, asked, values), expected, 5e-6);
    }
    try (Backend one = Cpu.defaults().withThreads(1).withOptimize(false).open();
        Backend three = Cpu.defaults().withThreads(3).open()) {
      Compare.assertSameBits(Compare.run(three, known, values), Compare.run(one, known, values));
    }
  }

  /** What lies between operands and results at a time is a few blocks of scores. */
  @Test
  void longSequencesNeedNoSquareOfScores() {
    int time = 4096;
    try (Backend backend = Cpu.defaults().open()) {
      long taken = backend.compile(computation(time, time, 0, true, false)).workspaceBytes();
      assertThat(taken).isLessThan(4L * HEADS * time * time / 5);
    }
  }
}
