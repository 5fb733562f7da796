package dev.ashlar.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ashlar.autodiff.Gradients;
import dev.ashlar.program.Backend;
import dev.ashlar.program.Computation;
import dev.ashlar.tensor.AttentionMask;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Functions;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
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

  private static Computation masked(
      int queries, int keys, boolean causal, int window, boolean isKnown, boolean isDefinition) {
    Tensor q = input("q", queries, 8);
    Tensor k = input("k", keys, 8);
    Tensor v = input("v", keys, 5);
    Tensor g = input("g", queries, 5);
    Tensor present = Tensor.input("present", TensorType.of(DType.I32, 1, 1, keys)).ne(0);
    Tensor at = isKnown ? Tensor.scalar(DType.I32, 2) : Tensor.input("position", TensorType.of(DType.I32));
    Tensor y = isDefinition ? seen(q, k, v, causal, window, at, present)
        : Functions.attention(q, k, v, new AttentionMask(
            causal, window == 0 ? OptionalInt.empty() : OptionalInt.of(window), at, Optional.of(present)));
    Map<String, Tensor> results = new LinkedHashMap<>(Map.of("y", y));
    List<Tensor> gradients = Gradients.vjp(List.of(y), List.of(g), List.of(q, k, v));
    for (int i = 0; i < gradients.size(); i++) {
      results.put("gradient_" + i, gradients.get(i));
    }
    return Compare.of(results);
  }

  private static Tensor seen(
      Tensor q, Tensor k, Tensor v, boolean causal, int window, Tensor position, Tensor present) {
    TensorType square = TensorType.of(DType.I32, q.dim(-2), k.dim(-2));
    Tensor distance = Tensor.iota(square, 0).add(position).sub(Tensor.iota(square, 1));
    Tensor sees = present.broadcastTo(Shape.of(HEADS, q.dim(-2), k.dim(-2)));
    if (causal) {
      sees = sees.and(distance.ge(0).broadcastTo(sees.shape()));
    }
    if (window > 0) {
      sees = sees.and(distance.abs().lt(window).broadcastTo(sees.shape()));
    }
    Tensor scores = q.matmul(k.transpose()).div(Math.sqrt(q.dim(-1)));
    return Functions.softmax(sees.where(scores, Tensor.full(scores.type(), -1e30)), -1).matmul(v);
  }

  @ParameterizedTest
  @CsvSource({"7,9,true,0", "7,9,true,3", "7,9,false,3", "600,602,true,130", "600,602,false,130", "530,700,true,1000",
    "1030,1032,true,17", "1030,1032,false,0"})
  void seesWhatTheMaskSays(int queries, int keys, boolean causal, int window) {
    Computation known = masked(queries, keys, causal, window, true, false);
    Computation asked = masked(queries, keys, causal, window, false, false);
    Map<String, NDArray> values = Compare.values(asked, 5);
    values.put("position", NDArray.of(Shape.SCALAR, 2));
    NDArray present = NDArray.zeros(TensorType.of(DType.I32, 1, 1, keys));
    for (int i = 0; i < keys; i++) { // each query sees its own position
      present.setLong(i, i % 11 == 5 && keys > 100 ? 0 : 1);
    }
    values.put("present", present);
    Map<String, NDArray> expected;
    try (Backend backend = Cpu.defaults().open()) {
      expected = Compare.run(backend, masked(queries, keys, causal, window, true, true), values);
      Compare.assertClose(Compare.run(backend, known, values), expected, 5e-6);
      Compare.assertClose(Compare.run(backend, asked, values), expected, 5e-6);
    }
    try (Backend one = Cpu.defaults().withThreads(1).withOptimize(false).open();
        Backend three = Cpu.defaults().withThreads(3).open()) {
      Compare.assertSameBits(Compare.run(three, known, values), Compare.run(one, known, values));
    }
  }

  /** What stands before the beginning of a sequence is no NaN, nor is what is made of it. */
  @Test
  void aQueryThatSeesNothingGetsTheMean() {
    Tensor q = input("q", 4, 8);
    Tensor v = input("v", 4, 5);
    Tensor present = Tensor.iota(TensorType.of(DType.I32, 1, 1, 4), 2).ge(2);
    Computation all = Compare.of(Map.of("y", Functions.attention(q, q, v,
        AttentionMask.causal(Tensor.scalar(DType.I32, 0)).withKeys(Optional.of(present)))));
    Map<String, NDArray> values = Compare.values(all, 5);
    try (Backend backend = Cpu.defaults().open()) {
      NDArray y = Compare.run(backend, all, values).get("y");
      NDArray given = values.get("v");
      for (int j = 0; j < 5; j++) {
        assertThat(y.get(j)).isEqualTo(given.get(j));
        assertThat(y.get(5 + j)).isCloseTo((given.get(j) + given.get(5 + j)) / 2, within(1e-6));
        assertThat(y.get(10 + j)).isEqualTo(given.get(10 + j));
      }
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
