package dev.ashlar.backend.cpu.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.autodiff.Gradients;
import dev.ashlar.reference.Reference;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Functions;
import dev.ashlar.tensor.Graph;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

/** What is made block by block is what would be made at once; and what cannot be, is left. */
class RowBlocksTest {

  private static final int ROWS = 22;
  private static final int CLASSES = 13;
  private static final TensorType HIDDEN = TensorType.of(DType.F32, 2, 11, 5);

  private final Tensor hidden = Tensor.input("hidden", HIDDEN);
  private final Tensor weight = Tensor.input("weight", TensorType.of(DType.F32, CLASSES, 5));
  private final Tensor bias = Tensor.input("bias", TensorType.of(DType.F32, CLASSES));
  private final Tensor scale = Tensor.input("scale", TensorType.of(DType.F32, 2, 11));
  private final Tensor targets = Tensor.input("targets", TensorType.of(DType.I32, 2, 11));
  private final Tensor logits = hidden.matmul(weight.transpose());

  /** The graph with composites opened, and in blocks of four or five rows. */
  private static Graph blocks(Graph graph) {
    return RowBlocks.of(Canonical.of(graph, false), 4L * CLASSES * 5, 4);
  }

  private void assertSame(Graph graph, boolean isSplit) {
    Graph split = blocks(graph);
    boolean hasWhole = split.nodes().stream().anyMatch(n -> n.op() instanceof Op.MatMul
        && n.output(0).shape().equals(Shape.of(ROWS, CLASSES)));
    assertThat(hasWhole).isEqualTo(!isSplit);
    Map<String, NDArray> values = values();
    List<NDArray> expected = Reference.evaluate(graph.outputs(), values);
    List<NDArray> found = Reference.evaluate(split.outputs(), values);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(found.get(i).type()).isEqualTo(expected.get(i).type());
      for (long j = 0; j < expected.get(i).size(); j++) {
        assertThat(found.get(i).get(j)).as("output %s, element %s", i, j)
            .isCloseTo(expected.get(i).get(j), org.assertj.core.data.Offset.offset(2e-6));
      }
    }
  }

  private Map<String, NDArray> values() {
    Random random = new Random(5);
    Map<String, NDArray> values = new HashMap<>();
    for (Tensor input : List.of(hidden, weight, bias, scale)) {
      double[] numbers = random.doubles(input.shape().size(), -1, 1).toArray();
      values.put(((Op.Input) input.node().op()).name(), NDArray.of(input.shape(), numbers).cast(DType.F32));
    }
    double[] classes = random.ints(ROWS, 0, CLASSES).asDoubleStream().toArray();
    values.put("targets", NDArray.of(Shape.of(2, 11), classes).cast(DType.I32));
    return values;
  }

  private Graph training(BiFunction<Tensor, Tensor, Tensor> lossOf) {
    Tensor scores = logits.add(bias.reshape(1, 1, CLASSES).broadcastTo(logits.shape()));
    Tensor loss = lossOf.apply(scores, targets);
    List<Tensor> outputs = new ArrayList<>(List.of(loss));
    outputs.addAll(Gradients.of(loss, List.of(hidden, weight, bias)));
    return Graph.of(outputs);
  }

  @Test
  void lossAndGradients() {
    assertSame(training((scores, classes) -> Functions.softmaxCrossEntropy(scores, classes).mean()), true);
  }

  /** The factor of a row depends on what its loss is. */
  @Test
  void focal() {
    assertSame(training((scores, classes) -> {
      Tensor each = Functions.softmaxCrossEntropy(scores, classes);
      return each.neg().exp().mul(-1).add(1).square().mul(each).mean();
    }), true);
  }

  @Test
  void smoothedAndWeighted() {
    assertSame(training((scores, classes) -> {
      Tensor spread = Functions.logSoftmax(scores, -1).mean(-1).reshape(scale.shape()).neg();
      return Functions.softmaxCrossEntropy(scores, classes).mul(scale).add(spread.mul(0.1)).sum();
    }), true);
  }

  /** By plain tensor maths, with a gradient that scatters. */
  @Test
  void gathered() {
    assertSame(training((scores, classes) -> {
      Tensor logs = scores.sub(scores.exp().sum(-1).log().broadcastTo(scores.shape()));
      return logs.gather(classes, 2).mul(scale).mean().neg();
    }), true);
  }

  @Test
  void metricsAlone() {
    Tensor right = logits.argMax(-1).reshape(targets.shape()).eq(targets).cast(DType.F32);
    assertSame(Graph.of(List.of(right.sum(), Functions.softmaxCrossEntropy(logits, targets), logits.max(-1))), true);
  }

  /** One sequence: its rows are the second axis. */
  @Test
  void aBatchOfOne() {
    Tensor scores = hidden.reshape(1, ROWS, 5).matmul(weight.transpose());
    Tensor biased = scores.add(bias.reshape(1, 1, CLASSES).broadcastTo(scores.shape()));
    Tensor loss = Functions.softmaxCrossEntropy(biased, targets.reshape(1, ROWS)).mean();
    List<Tensor> outputs = new ArrayList<>(List.of(loss));
    outputs.addAll(Gradients.of(loss, List.of(hidden, weight, bias)));
    assertSame(Graph.of(outputs), true);
  }

  /** Sums of a block are rounded to the type. */
  @Test
  void columnsOfHalves() {
    assertSame(Graph.of(List.of(logits.reshape(ROWS, CLASSES).cast(DType.F16).sum(0).cast(DType.F32))), false);
  }

  /** Only the weight's gradient, read as it is and transposed. */
  @Test
  void oneGradient() {
    Tensor loss = Functions.softmaxCrossEntropy(logits, targets).sum();
    Tensor gradient = Gradients.of(loss, List.of(weight)).getFirst();
    assertSame(Graph.of(List.of(gradient)), true);
    assertSame(Graph.of(List.of(gradient, gradient.transpose())), true);
  }

  @Test
  void whatIsWantedAsAWholeStaysWhole() {
    Tensor loss = Functions.softmaxCrossEntropy(logits, targets).mean();
    assertSame(Graph.of(List.of(loss, logits)), false);
    assertSame(Graph.of(List.of(loss, logits.sum(0))), false);
    assertSame(Graph.of(List.of(loss, Functions.softmax(logits, 1).sum())), false);
    assertSame(Graph.of(List.of(logits.reshape(ROWS, CLASSES).transpose().matmul(logits.reshape(ROWS, CLASSES)))),
        false);
  }

  /** All rows must be known before the first can go on. */
  @Test
  void whatWaitsForAllRowsStaysWhole() {
    assertSame(training((scores, classes) -> Functions.softmaxCrossEntropy(scores, classes).mean().square()), false);
  }
}
