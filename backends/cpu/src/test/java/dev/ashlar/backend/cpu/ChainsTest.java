package dev.ashlar.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.autodiff.Gradients;
import dev.ashlar.program.Backend;
import dev.ashlar.program.Computation;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Functions;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What works through one batch is done slice by slice, with the same bits. */
class ChainsTest {

  private static final int HEADS = 12;

  private final Tensor q = input("q", 33, 16);
  private final Tensor k = input("k", 33, 16);
  private final Tensor v = input("v", 33, 16);

  private static Tensor input(String name, int time, int width) {
    return Tensor.input(name, TensorType.of(DType.F32, HEADS, time, width));
  }

  private Tensor attention() {
    return Functions.softmax(q.matmul(k.transpose()), -1).matmul(v);
  }

  /** Checks the bits for a number of threads; how often threads are called together. */
  private static int launches(Computation computation, int threads) {
    Map<String, NDArray> inputs = Compare.values(computation, 3);
    try (Backend backend = Cpu.defaults().withThreads(threads).open();
        Backend plain = Cpu.defaults().withThreads(1).withOptimize(false).open()) {
      Compare.assertSameBits(Compare.run(backend, computation, inputs, 2), Compare.run(plain, computation, inputs));
      String plan = ((CpuProgram) backend.compile(computation)).describe();
      return (int) plan.lines().filter(line -> line.matches(" *\\d+  .*FLOP .*")).map(line -> line.substring(0, 4))
          .distinct().count();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 16})
  void attentionIsOneLaunch(int threads) {
    assertThat(launches(Compare.of(attention()), threads)).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 16})
  void soAreItsGradients(int threads) {
    Tensor y = attention();
    Tensor g = input("g", 33, 16);
    List<Tensor> gradients = Gradients.vjp(List.of(y), List.of(g), List.of(q, k, v));
    Map<String, Tensor> results = new LinkedHashMap<>();
    for (int i = 0; i < 3; i++) {
      results.put("gradient_" + i, gradients.get(i));
    }
    assertThat(launches(Compare.of(results), threads)).isLessThanOrEqualTo(2);
  }

  /** Another slice would be read before it is there. */
  @Test
  void notWhatReadsAcrossSlices() {
    Tensor scores = q.matmul(k.transpose());
    assertThat(launches(Compare.of(scores.sub(scores.max(0)).matmul(v)), 2)).isGreaterThan(1);
    assertThat(launches(Compare.of(scores.flip(0).exp().matmul(v)), 2)).isGreaterThan(1);
    Tensor others = scores.permute(1, 0, 2).reshape(HEADS, 33, 33);
    assertThat(launches(Compare.of(others.exp().matmul(v)), 2)).isGreaterThan(1);
  }

  @Test
  void notAFewLargeProducts() {
    Tensor a = Tensor.input("a", TensorType.of(DType.F32, 2, 40, 40));
    assertThat(launches(Compare.of(a.matmul(a).exp().matmul(a)), 2)).isEqualTo(3);
  }

  /** A norm's gradients: rows are added up, block by block, as soon as they are there; then the blocks. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 16})
  void columnsAreAddedUpBehindTheRows(int threads) {
    Tensor x = Tensor.input("x", TensorType.of(DType.F32, 24, 32, 384));
    Tensor g = Tensor.input("g", TensorType.of(DType.F32, 24, 32, 384));
    Tensor weight = Tensor.input("weight", TensorType.of(DType.F32, 384));
    Tensor centred = x.sub(x.mean(-1));
    Tensor y = centred.mul(centred.mul(centred).mean(-1).add(1e-5).rsqrt()).mul(weight);
    List<Tensor> gradients = Gradients.vjp(List.of(y), List.of(g), List.of(x, weight));
    Map<String, Tensor> results = new LinkedHashMap<>();
    results.put("y", y);
    results.put("x", gradients.get(0));
    results.put("weight", gradients.get(1));
    assertThat(launches(Compare.of(results), threads)).isEqualTo(2);
  }

  /** A block of each size, and rows that no block divides. */
  @ParameterizedTest
  @ValueSource(ints = {1024, 1000, 1056, 1031, 2 * 1031})
  void columnsOfLargeMatrices(int rows) {
    Tensor x = Tensor.input("x", TensorType.of(DType.F32, rows, 300));
    launches(Compare.of(x.exp().sum(0)), 2);
    launches(Compare.of(x.mul(x).max(0)), 2);
  }

  /** A block's sum may be out of the range of a narrow type where the whole is not. */
  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16", "I32", "I8"})
  void columnsOfNarrowTypes(DType dtype) {
    TensorType type = TensorType.of(dtype, 4096, 300);
    NDArray values = NDArray.zeros(type);
    int size = dtype.isFloating() ? 2000 : 100;
    for (long i = 0; i < values.size(); i++) {
      values.set(i, i < values.size() / 2 ? size : -size);
    }
    Computation computation = Compare.of(Tensor.input("x", type).sum(0));
    try (Backend backend = Cpu.defaults().open()) {
      NDArray sums = Compare.run(backend, computation, Map.of("x", values)).values().iterator().next();
      assertThat(sums.toFloats()).containsOnly(0);
    }
  }
}
