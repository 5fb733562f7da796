package dev.ashlar.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.backend.cpu.compiler.Step;
import dev.ashlar.program.Backend;
import dev.ashlar.program.Computation;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Elements are written where they are wanted, not moved there afterwards. */
class PlacingTest {

  private static final int BATCH = 2;
  private static final int HEADS = 3;
  private static final int TIME = 17;
  private static final int WIDTH = 24;

  private final Backend backend = Cpu.defaults().withThreads(2).open();
  private final Tensor scores = input("scores", BATCH, HEADS, TIME, TIME);
  private final Tensor values = input("values", BATCH, HEADS, TIME, WIDTH);

  @AfterEach
  void close() {
    backend.close();
  }

  private static Tensor input(String name, int... dims) {
    return Tensor.input(name, TensorType.of(DType.F32, dims));
  }

  /** What the steps are called that give the reference's results. */
  private List<String> steps(Map<String, Tensor> results) {
    Computation computation = Compare.of(results);
    Map<String, NDArray> inputs = Compare.values(computation, 1);
    Compare.assertClose(Compare.run(backend, computation, inputs), Compare.expected(computation, inputs), 1e-5);
    return ((CpuProgram) backend.compile(computation)).steps().stream().map(Step::label).toList();
  }

  private Tensor heads(Tensor weights) {
    return weights.matmul(values).permute(0, 2, 1, 3).reshape(BATCH * TIME, HEADS * WIDTH);
  }

  @Test
  void headsSideBySide() {
    assertThat(steps(Map.of("heads", heads(scores)))).containsExactly("matmul");
  }

  @Test
  void headsThatOthersReadToo() {
    Tensor product = scores.matmul(values);
    assertThat(steps(Map.of("heads", product.permute(0, 2, 1, 3).reshape(BATCH * TIME, HEADS * WIDTH), "sum",
        product.sum(3)))).contains("matmul", "copy");
  }

  /** A product whose rows would not stay contiguous, or that is moved only in part, is copied. */
  @Test
  void whatIsTurnedOrCut() {
    assertThat(steps(Map.of("value", scores.matmul(values).permute(0, 3, 2, 1)))).containsExactly("matmul", "copy");
    assertThat(steps(Map.of("value", scores.matmul(values).slice(2, 1, TIME)))).containsExactly("matmul", "copy");
    assertThat(steps(Map.of("value", scores.matmul(values).flip(1)))).containsExactly("matmul", "copy");
  }

  /** A product that is only read transposed is made so: a tied embedding's gradient by the output's product. */
  @Test
  void productsTheOtherWayRound() {
    Tensor product = scores.matmul(values);
    assertThat(steps(Map.of("value", product.transpose()))).containsExactly("matmul");
    Tensor turned = scores.transpose().matmul(values).transpose();
    assertThat(steps(Map.of("value", turned.exp()))).containsExactly("matmul", "exp");
    assertThat(steps(Map.of("value", product.transpose(), "sum", product.sum(3)))).contains("copy");
  }

  @Test
  void partsThatAreJoinedAreReadWhereTheyLie() {
    Tensor joined = Tensor.concat(List.of(heads(scores), heads(scores.exp()), heads(scores.tanh())), 1);
    assertThat(steps(Map.of("joined", joined))).doesNotContain("copy").filteredOn("concat"::equals).hasSize(3);
    Tensor rows = Tensor.concat(List.of(heads(scores), heads(scores.exp())), 0);
    assertThat(steps(Map.of("joined", rows))).doesNotContain("copy");
  }

  @Test
  void sumsUnderAnotherShape() {
    Tensor rows = input("rows", 40, 50);
    assertThat(steps(Map.of("sum", rows.sum(0).reshape(5, 10)))).containsExactly("reduce_sum");
  }
}
