package dev.ashlar.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.autodiff.Gradients;
import dev.ashlar.program.Backend;
import dev.ashlar.program.Computation;
import dev.ashlar.program.Program;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Functions;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is read for the last time gives its place to what is made of it, and nothing changes by that. */
class InPlaceTest {

  private final Backend backend = Cpu.defaults().withThreads(2).open();

  @AfterEach
  void close() {
    backend.close();
  }

  private static Tensor input(String name, int... dims) {
    return Tensor.input(name, TensorType.of(DType.F32, dims));
  }

  /** Temporaries of a computation, in bytes; the results are checked. */
  private long temporaries(SequencedMap<String, Tensor> results) {
    Computation computation = new Computation("test", Tensors.of(results), List.of());
    Map<String, NDArray> values = Compare.values(computation, 3);
    Compare.assertClose(Compare.run(backend, computation, values), Compare.expected(computation, values), 1e-5);
    Program program = backend.compile(computation);
    return program.workspaceBytes();
  }

  /** Logits of a large vocabulary are there once: their gradient takes their place. */
  @Test
  void theGradientOfLogits() {
    int rows = 40;
    int classes = 10_007;
    Tensor hidden = input("hidden", rows, 24);
    Tensor weight = input("weight", classes, 24);
    Tensor targets = Tensor.input("targets", TensorType.of(DType.I32, rows));
    Tensor loss = Functions.softmaxCrossEntropy(hidden.matmul(weight.transpose()), targets).mean();
    List<Tensor> gradients = Gradients.of(loss, List.of(hidden, weight));
    SequencedMap<String, Tensor> results = new LinkedHashMap<>();
    results.put("loss", loss);
    results.put("hidden", gradients.get(0));
    results.put("weight", gradients.get(1));
    assertThat(temporaries(results)).isBetween(4L * rows * classes, 4L * rows * classes * 11 / 10);
  }

  /** Rows are written over when all their sums are known, not before. */
  @Test
  void rowsWithSums() {
    Tensor scores = input("a", 300, 32).matmul(input("b", 32, 700));
    Tensor weights = Functions.softmax(scores, 1);
    Tensor more = Functions.softmax(weights.sub(weights.mean(1)).mul(scores), 1);
    SequencedMap<String, Tensor> results = new LinkedHashMap<>();
    results.put("value", more.matmul(input("c", 700, 32)));
    assertThat(temporaries(results)).isBetween(4L * 300 * 700, 4L * 300 * 700 * 11 / 10);
  }

  /** What others still read, or read elsewhere, stays. */
  @Test
  void whatIsReadElsewhereToo() {
    Tensor square = input("a", 600, 32).matmul(input("b", 32, 600));
    SequencedMap<String, Tensor> results = new LinkedHashMap<>();
    results.put("value", square.add(square.transpose()).exp().matmul(input("c", 600, 8)));
    assertThat(temporaries(results)).isGreaterThanOrEqualTo(2L * 4 * 600 * 600);
    results.clear();
    results.put("value", square.mul(0.1).exp().matmul(input("c", 600, 8)).add(square.matmul(input("d", 600, 8))));
    temporaries(results);
  }

  /** As many bytes, but twice as many elements: they do not lie in the same places. */
  @Test
  void whatIsNarrower() {
    Tensor product = input("a", 64, 16).cast(DType.BF16).matmul(input("b", 16, 33).cast(DType.BF16));
    Tensor upper = product.slice(0, 0, 32).cast(DType.F32);
    SequencedMap<String, Tensor> results = new LinkedHashMap<>();
    results.put("value", upper.matmul(input("c", 33, 8)));
    temporaries(results);
  }

  /** One array after the other in one place. */
  @Test
  void manyTimes() {
    Tensor x = input("a", 500, 40).matmul(input("b", 40, 500));
    for (int i = 0; i < 4; i++) {
      x = Functions.softmax(x, 1).cumSum(1);
    }
    SequencedMap<String, Tensor> results = new LinkedHashMap<>();
    results.put("value", x.matmul(input("c", 500, 8)));
    assertThat(temporaries(results)).isBetween(4L * 500 * 500, 2L * 4 * 500 * 500 * 11 / 10);
  }
}
