package dev.ashlar.autodiff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.reference.Reference;
import dev.ashlar.tensor.CompositeGradient;
import dev.ashlar.tensor.CustomOp;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Functions;
import dev.ashlar.tensor.Graph;
import dev.ashlar.tensor.Key;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Node;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Op.Window;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class VmapTest {

  private static final int EXAMPLES = 3;

  static List<OperationCase> cases() {
    return OperationCase.all();
  }

  static Stream<OperationCase> differentiable() {
    return cases().stream().filter(OperationCase::isDifferentiable);
  }

  /** For every choice of batched operands, every example's result is the same bits as by itself. */
  @ParameterizedTest
  @MethodSource("cases")
  void isALoop(OperationCase c) {
    assertIsALoop(in -> List.of(c.function().apply(in)), c.operands());
  }

  @ParameterizedTest
  @MethodSource("differentiable")
  void ofAGradientIsALoop(OperationCase c) {
    assertIsALoop(in -> gradients(c, in), c.operands());
  }

  @ParameterizedTest
  @MethodSource("differentiable")
  void gradientOfABatchIsTheBatchOfGradients(OperationCase c) {
    List<Tensor> operands = c.operands().stream().map(VmapTest::examples).map(Tensor::constant).toList();
    Tensor total = Vmap.apply(in -> List.of(c.scalar(in)), operands).getFirst().sum();

    List<Tensor> found = Gradients.of(total, OperationCase.floating(operands));
    List<Tensor> expected = Vmap.apply(in -> gradients(c, in), operands);

    assertSame(evaluate(found), evaluate(expected), 1e-12);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void ofItselfIsALoopOfLoops(OperationCase c) {
    List<Tensor> examples = c.operands().stream().map(VmapTest::examples).map(Tensor::constant).toList();
    List<Tensor> twice = examples.stream().map(t -> Tensor.stack(List.of(t, t.flip(0)), 0)).toList();
    Function<List<Tensor>, List<Tensor>> once = in -> Vmap.apply(x -> List.of(c.function().apply(x)), in);

    List<Tensor> found = Vmap.apply(once, twice);
    List<Tensor> expected =
        once.apply(examples).stream().map(t -> Tensor.stack(List.of(t, t.flip(0)), 0)).toList();

    assertSame(evaluate(found), evaluate(expected), 0);
  }

  private static List<Tensor> gradients(OperationCase c, List<Tensor> operands) {
    return Gradients.of(c.scalar(operands), OperationCase.floating(operands));
  }

  private static void assertIsALoop(Function<List<Tensor>, List<Tensor>> function, List<NDArray> operands) {
    int count = operands.size();
    for (int mask = 1; mask < 1 << count; mask++) {
      int chosen = mask;
      List<Boolean> batched = IntStream.range(0, count).mapToObj(i -> (chosen >> i & 1) == 1).toList();
      List<NDArray> values = IntStream.range(0, count)
          .mapToObj(i -> batched.get(i) ? examples(operands.get(i)) : operands.get(i))
          .toList();
      List<Tensor> constants = values.stream().map(Tensor::constant).toList();
      List<NDArray> found = evaluate(Vmap.apply(function, constants, batched));
      for (int example = 0; example < EXAMPLES; example++) {
        int at = example;
        List<Tensor> alone = IntStream.range(0, count)
            .mapToObj(i -> batched.get(i) ? example(values.get(i), at) : constants.get(i))
            .toList();
        List<NDArray> rows = found.stream().map(a -> row(a, at)).toList();
        assertSame(rows, evaluate(function.apply(alone)), 0);
      }
    }
  }

  /** The operand and variations of it, along a new first axis. */
  private static NDArray examples(NDArray operand) {
    NDArray all = NDArray.zeros(operand.type().withShape(operand.shape().insert(0, EXAMPLES)));
    long size = operand.size();
    for (int example = 0; example < EXAMPLES; example++) {
      for (long i = 0; i < size; i++) {
        double value = operand.get((i + 2L * example) % size);
        all.set(example * size + i, size == 1 ? value + example : value);
      }
    }
    return all;
  }

  private static Tensor example(NDArray all, int at) {
    return Tensor.constant(row(all, at));
  }

  private static NDArray row(NDArray all, int at) {
    return all.rows(at, at + 1).reshape(all.shape().remove(0).dims());
  }

  private static List<NDArray> evaluate(List<Tensor> tensors) {
    return Reference.evaluate(tensors, Map.of());
  }

  private static void assertSame(List<NDArray> found, List<NDArray> expected, double tolerance) {
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < found.size(); i++) {
      assertThat(found.get(i).type()).isEqualTo(expected.get(i).type());
      double[] a = found.get(i).toDoubles();
      double[] b = expected.get(i).toDoubles();
      for (int j = 0; j < a.length; j++) {
        assertThat(a[j] == b[j] || Math.abs(a[j] - b[j]) <= tolerance * Math.max(1, Math.abs(b[j])))
            .as("output %d, element %d: %s, expected %s", i, j, a[j], b[j])
            .isTrue();
      }
    }
  }

  // ---------------------------------------------------------------- models

  @Test
  void givesPerExampleGradientsOfAPerceptron() {
    Key key = Key.of(7);
    Tensor w1 = normal(key, "w1", 4, 5);
    Tensor b1 = normal(key, "b1", 5);
    Tensor w2 = normal(key, "w2", 5, 3);
    Tensor x = normal(key, "x", 6, 4);
    Tensor y = Tensor.constant(NDArray.of(Shape.of(6), 0, 2, 1, 1, 0, 2));

    assertPerExample(List.of(w1, b1, w2), x, y, (w, in) -> {
      Tensor hidden = in.expandDims(0).matmul(w.get(0)).add(w.get(1)).tanh(); // [1, 5]
      return hidden.matmul(w.get(2)).reshape(3);
    });
  }

  @Test
  void givesPerExampleGradientsOfAConvolutionalNetwork() {
    Key key = Key.of(8);
    Tensor k1 = normal(key, "k1", 4, 1, 3, 3);
    Tensor k2 = normal(key, "k2", 6, 2, 2, 2); // two groups
    Tensor w = normal(key, "w", 6, 3);
    Tensor x = normal(key, "x", 5, 1, 8, 8);
    Tensor y = Tensor.constant(NDArray.of(Shape.of(5), 0, 2, 1, 1, 0));

    assertPerExample(List.of(k1, k2, w), x, y, (weights, in) -> {
      Tensor first = Functions.relu(in.expandDims(0).conv(weights.get(0), Window.of(2, 1, 1), 1)); // [1, 4, 8, 8]
      Tensor pooled = first.maxPool(List.of(2, 2), Window.of(2, 2, 0)); // [1, 4, 4, 4]
      Tensor second = Functions.gelu(pooled.conv(weights.get(1), Window.of(2, 2, 0), 2)); // [1, 6, 2, 2]
      return second.mean(2, 3).reshape(1, 6).matmul(weights.get(2)).reshape(3);
    });
  }

  private static void assertPerExample(List<Tensor> weights, Tensor x, Tensor y,
      java.util.function.BiFunction<List<Tensor>, Tensor, Tensor> model) {
    Function<List<Tensor>, List<Tensor>> gradients = in -> {
      Tensor logits = model.apply(weights, in.get(0));
      Tensor loss = Functions.logSoftmax(logits, 0).gather(in.get(1)).neg();
      return Gradients.of(loss, weights);
    };

    List<NDArray> found = evaluate(Vmap.apply(gradients, List.of(x, y)));

    for (int example = 0; example < x.dim(0); example++) {
      int at = example;
      List<Tensor> alone = Stream.of(x, y).map(t -> t.slice(0, at, at + 1).squeeze(0)).toList();
      assertSame(found.stream().map(a -> row(a, at)).toList(), evaluate(gradients.apply(alone)), 1e-13);
    }
  }

  private static Tensor normal(Key key, String name, int... dims) {
    return Tensor.constant(Reference.evaluate(key.child(name).normal(TensorType.of(DType.F64, dims))));
  }

  @Test
  void givesAMatrixOfSecondDerivatives() {
    Tensor x = normal(Key.of(9), "x", 4);
    Function<Tensor, Tensor> gradient = at -> Gradients.of(at.mul(at).sum().exp().add(at.sin().sum()), List.of(at))
        .getFirst();
    Tensor unit = Tensor.iota(TensorType.of(DType.I32, 4, 4), 0).eq(Tensor.iota(TensorType.of(DType.I32, 4, 4), 1))
        .cast(DType.F64);

    Tensor found = Vmap.apply(
        v -> Gradients.vjp(List.of(gradient.apply(x)), v, List.of(x)), List.of(unit)).getFirst();

    // exp(x . x) (4 x x^T + 2 I) - diag(sin x)
    Tensor outer = x.expandDims(1).matmul(x.expandDims(0)).mul(4);
    Tensor expected = x.mul(x).sum().exp().mul(outer.add(unit.mul(2))).sub(unit.mul(x.sin()));
    assertSame(evaluate(List.of(found)), evaluate(List.of(expected)), 1e-13);
  }

  @Test
  void takesAFunctionThatUsesAnOuterExample() {
    Tensor x = Tensor.constant(NDArray.of(Shape.of(2), 2.0, 3.0));
    Tensor y = Tensor.constant(NDArray.of(Shape.of(3), 5.0, 7.0, 11.0));

    Tensor table = Vmap.apply(
        outer -> Vmap.apply(inner -> List.of(outer.getFirst().mul(inner.getFirst())), List.of(y)), List.of(x)).getFirst();

    assertThat(evaluate(List.of(table)).getFirst().toDoubles()).containsExactly(10, 14, 22, 15, 21, 33);
  }

  // ---------------------------------------------------------------- randomness

  @Test
  void drawsForEachKeyWhatTheKeyGivesAlone() {
    Tensor seeds = Tensor.constant(NDArray.of(Shape.of(3, 2), 1, 2, -3, 4, 5, Integer.MIN_VALUE));
    Function<List<Tensor>, List<Tensor>> draw = in -> List.of(
        Key.of(in.getFirst()).bits(Shape.of(2, 3)), Key.of(in.getFirst()).child("x").bits(Shape.SCALAR));

    List<NDArray> found = evaluate(Vmap.apply(draw, List.of(seeds)));

    for (int i = 0; i < 3; i++) {
      int at = i;
      Tensor seed = seeds.slice(0, i, i + 1).squeeze(0);
      assertSame(found.stream().map(a -> row(a, at)).toList(), evaluate(draw.apply(List.of(seed))), 0);
    }
    assertThat(row(found.getFirst(), 0).toInts()).isNotEqualTo(row(found.getFirst(), 1).toInts());
  }

  @Test
  void sharesOneDrawWhereTheKeyIsNotBatched() {
    Tensor x = Tensor.zeros(TensorType.of(DType.F64, 2, 4));
    List<Tensor> noisy = Vmap.apply(
        in -> List.of(in.getFirst().add(Key.of(1).uniform(TensorType.of(DType.F64, 4)))), List.of(x));

    NDArray found = evaluate(noisy).getFirst();

    assertThat(row(found, 0).toDoubles()).isEqualTo(row(found, 1).toDoubles()).doesNotContain(0.0);
  }

  // ---------------------------------------------------------------- composites and custom operations

  /** The identity, whose gradient is the incoming one times the second operand: not what its body says. */
  private static Tensor scaledGradient(Tensor x, Tensor scale) {
    CompositeGradient gradient = (node, g) -> Arrays.asList(g.getFirst().mul(node.inputs().get(1)), null);
    Tensor p = parameter("p", x);
    Tensor q = parameter("q", scale);
    Graph body = new Graph(List.of(p, q), List.of(p.add(q).sub(q)));
    return Tensor.apply(new Op.Composite("scaled", 1, Map.of(), List.of(x, scale), body, gradient));
  }

  private static Tensor parameter(String name, Tensor like) {
    return Tensor.apply(new Op.Input(Op.Role.PARAMETER, name, like.type()));
  }

  @Test
  void keepsTheGradientThatACompositeBrings() {
    Tensor x = Tensor.constant(NDArray.of(Shape.of(2, 2), 1.0, 2.0, 3.0, 4.0));
    Tensor scales = Tensor.constant(NDArray.of(Shape.of(2), 10.0, 100.0));
    Tensor shared = Tensor.constant(NDArray.of(Shape.of(2), 5.0, 7.0));
    Function<List<Tensor>, List<Tensor>> cube =
        in -> List.of(scaledGradient(in.get(0), in.get(1)).mul(in.get(0).detach()).sum());

    Tensor each = Vmap.apply(cube, List.of(x, scales.expandDims(1).broadcastTo(Shape.of(2, 2)))).getFirst();
    Tensor common = Vmap.apply(cube, List.of(shared, scales), List.of(false, true)).getFirst();

    assertThat(evaluate(Gradients.of(each.sum(), List.of(x))).getFirst().toDoubles())
        .containsExactly(10, 20, 300, 400);
    // What all examples share gets the sum over them.
    assertThat(evaluate(Gradients.of(common.sum(), List.of(shared))).getFirst().toDoubles())
        .containsExactly(5 * 110, 7 * 110);
    List<Node> named =
        Graph.of(List.of(each)).nodes().stream().filter(n -> n.op() instanceof Op.Composite).toList();
    assertThat(named).extracting(n -> n.op().label()).containsExactly("vmap:scaled");
  }

  @Test
  void keepsTheNamesOfFunctionsThatMeanTheSame() {
    Tensor x = Tensor.input("x", TensorType.of(DType.F32, 5, 3, 4));
    Tensor w = Tensor.input("w", TensorType.of(DType.F32, 4));
    Tensor ws = Tensor.input("ws", TensorType.of(DType.F32, 5, 4));

    assertThat(composites(Vmap.apply(in -> List.of(Functions.softmax(Functions.gelu(in.getFirst()), 0)), List.of(x))))
        .containsExactly("gelu {approximate=none}", "softmax {axis=1}");
    assertThat(composites(Vmap.apply(in -> List.of(Functions.rmsNorm(in.get(0), in.get(1), 1e-5)), List.of(x, w),
        List.of(true, false)))).containsExactly("rms_norm {epsilon=1.0E-5}");
    assertThat(composites(Vmap.apply(in -> List.of(Functions.rmsNorm(in.get(0), in.get(1), 1e-5)), List.of(x, ws))))
        .containsExactly("vmap:rms_norm {epsilon=1.0E-5, vmap.0=[true, true]}");
  }

  private static List<String> composites(List<Tensor> outputs) {
    return Graph.of(outputs).nodes().stream()
        .map(Node::op)
        .filter(Op.Composite.class::isInstance)
        .map(op -> op.label() + " " + new java.util.TreeMap<>(((Op.Composite) op).attributes()))
        .toList();
  }

  @Test
  void batchesABatchedCompositeUnderOneMoreMark() {
    Tensor x = Tensor.constant(examples(examples(NDArray.of(Shape.of(2), 1.0, 2.0))));
    Tensor scale = Tensor.constant(NDArray.of(Shape.of(2), 3.0, 4.0));
    Function<List<Tensor>, List<Tensor>> scaled = in -> List.of(scaledGradient(in.get(0), in.get(1)));
    List<Boolean> first = List.of(true, false);

    Tensor twice = Vmap.apply(in -> Vmap.apply(scaled, in, first), List.of(x, scale), first).getFirst();

    assertThat(evaluate(List.of(twice)).getFirst().toDoubles())
        .isEqualTo(evaluate(List.of(x)).getFirst().toDoubles());
    assertThat(evaluate(Gradients.of(twice.sum(), List.of(x))).getFirst().toDoubles()).containsOnly(3, 4);
    assertThat(((Op.Composite) twice.node().op()).attributes())
        .containsOnlyKeys("vmap.0", "vmap.1");
  }

  /** The sum of all operands' elements, and their number. */
  private record Total() implements CustomOp {
    @Override public String name() { return "test:total"; }

    @Override public List<TensorType> outputTypes(List<TensorType> operands) {
      return List.of(TensorType.of(DType.F64), TensorType.of(DType.I32));
    }

    @Override public void evaluate(List<NDArray> operands, List<NDArray> outputs) {
      double sum = operands.stream().flatMapToDouble(a -> Arrays.stream(a.toDoubles())).sum();
      outputs.get(0).set(0, sum);
      outputs.get(1).setLong(0, operands.stream().mapToLong(NDArray::size).sum());
    }
  }

  @Test
  void appliesACustomOperationToEachExample() {
    List<NDArray> operands =
        List.of(NDArray.of(Shape.of(2), 1.0, 2.0), NDArray.of(Shape.of(3), 5.0, 6.0, 8.0));

    assertIsALoop(in -> Node.of(new Op.Custom(new Total(), in)).outputs(), operands);
  }

  /** Twice its operand, for any shape. */
  private record Twice() implements CustomOp, Batchable {
    @Override public String name() { return "test:twice"; }

    @Override public List<TensorType> outputTypes(List<TensorType> operands) {
      return operands;
    }

    @Override public void evaluate(List<NDArray> operands, List<NDArray> outputs) {
      for (long i = 0; i < operands.getFirst().size(); i++) {
        outputs.getFirst().set(i, 2 * operands.getFirst().get(i));
      }
    }

    @Override public List<Tensor> batched(List<Tensor> operands, List<Boolean> batched) {
      return Node.of(new Op.Custom(this, operands)).outputs();
    }
  }

  @Test
  void letsACustomOperationTakeAllExamplesAtOnce() {
    Function<List<Tensor>, List<Tensor>> twice = in -> Node.of(new Op.Custom(new Twice(), in)).outputs();
    NDArray operand = NDArray.of(Shape.of(2), 1.0, 2.0);

    assertIsALoop(twice, List.of(operand));
    Tensor all = Vmap.apply(twice, List.of(Tensor.constant(examples(operand)))).getFirst();
    assertThat(Graph.of(List.of(all)).nodes()).filteredOn(n -> n.op() instanceof Op.Custom).hasSize(1);
  }

  // ---------------------------------------------------------------- what stays, what is refused

  @Test
  void computesOnceWhatDoesNotDependOnExamples() {
    Tensor w = Tensor.input("w", TensorType.of(DType.F32, 4, 4));
    Tensor x = Tensor.input("x", TensorType.of(DType.F32, 8, 1, 4));

    Tensor y = Vmap.apply(in -> List.of(in.getFirst().matmul(w.exp())), List.of(x)).getFirst();

    assertThat(Graph.of(List.of(y)).toString()).isEqualToIgnoringWhitespace("""
        %0 = argument 'x'() : f32[8, 1, 4]
        %1 = reshape(%0) : f32[8, 4]
        %2 = argument 'w'() : f32[4, 4]
        %3 = exp(%2) : f32[4, 4]
        %4 = matmul(%1, %3) : f32[8, 4]
        %5 = reshape(%4) : f32[8, 1, 4]
        return %5
        """);
  }

  @Test
  void repeatsAResultThatDoesNotDependOnExamples() {
    Tensor x = Tensor.zeros(TensorType.of(DType.F64, 3, 2));
    Tensor five = Vmap.apply(in -> List.of(Tensor.scalar(DType.F64, 5)), List.of(x)).getFirst();

    assertThat(evaluate(List.of(five)).getFirst().toDoubles()).containsExactly(5, 5, 5);
  }

  @Test
  void makesAGraphWithInputsOfItsOwn() {
    Tensor a = Tensor.input("a", TensorType.of(DType.F64, 2));
    Tensor b = Tensor.input("b", TensorType.of(DType.F64, 2));
    Graph graph = Vmap.of(new Graph(List.of(a, b), List.of(a.mul(b).sum())), List.of(true, false), 3);

    assertThat(graph.inputs()).extracting(Tensor::type)
        .containsExactly(TensorType.of(DType.F64, 3, 2), TensorType.of(DType.F64, 2));
    NDArray rows = NDArray.of(Shape.of(3, 2), 1.0, 2, 3, 4, 5, 6);
    assertThat(Reference.evaluate(graph, List.of(rows, NDArray.of(Shape.of(2), 1.0, 10))).getFirst().toDoubles())
        .containsExactly(21, 43, 65);
  }

  @Test
  void refusesExamplesOfDifferentNumber() {
    Tensor a = Tensor.input("a", TensorType.of(DType.F32, 3, 2));
    Tensor b = Tensor.input("b", TensorType.of(DType.F32, 4, 2));
    Function<List<Tensor>, List<Tensor>> sum = in -> List.of(in.get(0).add(in.get(1)));

    assertThatThrownBy(() -> Vmap.apply(sum, List.of(a, b)))
        .isInstanceOf(ShapeException.class)
        .hasMessage("vmap: expected one extent, 1 or more, on the first axes of batched operands,"
            + " found [f32[3, 2], f32[4, 2]]");
    assertThatThrownBy(() -> Vmap.apply(sum, List.of(a, b), List.of(false, false)))
        .hasMessage("vmap of 2 operands was told to batch [false, false]; say which, at least one");
  }
}
