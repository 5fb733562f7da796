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
import dev.ashlar.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

/** Logits of a large vocabulary are made block by block, and nothing but memory changes by that. */
class LargeVocabularyTest {

  private static final int ROWS = 1_030;
  private static final int CLASSES = 50_257;
  private static final int WIDTH = 10;

  private final Tensor hidden = Tensor.input("hidden", TensorType.of(DType.F32, 2, ROWS / 2, WIDTH));
  private final Tensor weight = Tensor.input("weight", TensorType.of(DType.F32, CLASSES, WIDTH));
  private final Tensor logits = hidden.matmul(weight.transpose());

  private Computation computation(boolean whole) {
    Tensor targets = Tensor.input("targets", TensorType.of(DType.I32, 2, ROWS / 2));
    Tensor loss = Functions.softmaxCrossEntropy(logits, targets).mean();
    List<Tensor> gradients = Gradients.of(loss, List.of(hidden, weight));
    SequencedMap<String, Tensor> results = new LinkedHashMap<>();
    results.put("loss", loss);
    results.put("hidden", gradients.get(0));
    results.put("weight", gradients.get(1));
    results.put("twice", gradients.get(1).mul(2));
    if (whole) {
      results.put("logits", logits);
    }
    return new Computation("test", Tensors.of(results), List.of());
  }

  /** What is equal to the first block's sum, or becomes it, is not lost when the sum goes on. */
  @Test
  void sumsThatOthersReadToo() {
    Tensor h = hidden.reshape(ROWS, WIDTH);
    Tensor few = Tensor.input("few", TensorType.of(DType.F32, 3, ROWS));
    Tensor again = h.matmul(weight.transpose());
    Tensor behind = Functions.barrier(List.of(h), List.of(logits.max(-1))).getFirst().matmul(weight.transpose());
    SequencedMap<String, Tensor> results = new LinkedHashMap<>();
    results.put("first", few.slice(1, 0, ROWS / 2).matmul(h.slice(0, 0, ROWS / 2).matmul(weight.transpose())));
    results.put("whole", few.matmul(logits.reshape(ROWS, CLASSES)));
    results.put("of another", few.matmul(again.exp()).mul(2));
    results.put("of one behind a barrier", few.matmul(behind.exp()));
    results.put("largest", logits.max(-1));
    try (Backend backend = Cpu.defaults().withThreads(2).open()) {
      Computation all = new Computation("test", Tensors.of(results), List.of());
      Map<String, NDArray> values = Compare.values(all, 3);
      Map<String, NDArray> found = Compare.run(backend, all, values);
      results.forEach((name, tensor) -> {
        Computation alone = new Computation("test", Tensors.of(new LinkedHashMap<>(Map.of(name, tensor))), List.of());
        NDArray expected = Compare.run(backend, alone, values).get(name);
        assertThat(found.get(name).data().mismatch(expected.data())).as(name).isEqualTo(-1);
      });
    }
  }

  @Test
  void takesLessMemoryAndGivesTheSameBits() {
    try (Backend backend = Cpu.defaults().withThreads(2).open();
        Backend one = Cpu.defaults().withThreads(1).open()) {
      Map<String, NDArray> values = Compare.values(computation(false), 3);
      Map<String, NDArray> found = Compare.run(backend, computation(false), values);
      Map<String, NDArray> whole = Compare.run(backend, computation(true), values);
      Map<String, NDArray> alone = Compare.run(one, computation(false), values);
      for (String name : found.keySet()) {
        assertThat(found.get(name).data().mismatch(whole.get(name).data())).as(name).isEqualTo(-1);
        assertThat(found.get(name).data().mismatch(alone.get(name).data())).as(name).isEqualTo(-1);
      }
      long logitBytes = 4L * ROWS * CLASSES;
      assertThat(backend.compile(computation(false)).workspaceBytes()).isLessThan(logitBytes * 11 / 20);
    }
  }
}
