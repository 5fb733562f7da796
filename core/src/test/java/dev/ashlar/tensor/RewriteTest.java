package dev.ashlar.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.reference.Reference;
import dev.ashlar.tensor.Op.ReduceKind;
import dev.ashlar.tensor.Op.UnaryKind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Rewriting keeps values, to the last bit, makes equal operations one, and leaves behind what nothing
 * needs.
 */
class RewriteTest {

  private static final TensorType TYPE = TensorType.of(DType.F32, 3, 4);
  private static final Map<String, NDArray> ARGUMENTS = Map.of("a", value(1), "b", value(2));

  static LongStream seeds() {
    return LongStream.range(0, 60);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void keepsValues(long seed) {
    Graph graph = random(seed);

    Graph rewritten = graph.rewrite((node, op) -> null);

    assertThat(values(rewritten)).isEqualTo(values(graph));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void leavesNoTwoEqualOperations(long seed) {
    Graph rewritten = random(seed).rewrite((node, op) -> null);

    Set<Op> seen = new HashSet<>();
    assertThat(rewritten.nodes()).allMatch(node -> seen.add(node.op()));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void doneTwiceChangesNothingMore(long seed) {
    Graph once = random(seed).rewrite((node, op) -> null);

    Graph twice = once.rewrite((node, op) -> null);

    assertThat(twice.outputs()).isEqualTo(once.outputs());
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void ordersOperandsBeforeUsers(long seed) {
    Set<Node> seen = new HashSet<>();
    for (Node node : random(seed).nodes()) {
      assertThat(node.inputs()).allMatch(t -> seen.contains(t.node()));
      assertThat(seen.add(node)).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void theSameRecipeGivesTheSameOrder(long seed) {
    assertThat(random(seed).toString()).isEqualTo(random(seed).toString());
  }

  @Test
  void mergesEqualOperationsOfSeparateOrigin() {
    Tensor a = Tensor.input("a", TYPE);
    Tensor again = Tensor.input("a", TYPE);
    Graph graph = Graph.of(List.of(a.exp().add(again.exp())));

    Graph rewritten = graph.rewrite((node, op) -> null);

    assertThat(rewritten.toString()).isEqualTo("""
        %0 = argument 'a'() : f32[3, 4]
        %1 = exp(%0) : f32[3, 4]
        %2 = add(%1, %1) : f32[3, 4]
        return %2
        """);
  }

  @Test
  void keepsApartWhatOnlyLooksEqual() {
    NDArray zeros = NDArray.zeros(TYPE);
    Graph graph = Graph.of(List.of(
        Tensor.constant(zeros), Tensor.constant(zeros.copy()), // contents may change later
        Tensor.scalar(DType.F32, 0), Tensor.scalar(DType.F32, -0.0), Tensor.scalar(DType.F64, 0)));

    assertThat(new HashSet<>(graph.rewrite((node, op) -> null).outputs())).hasSize(5);
  }

  /** A stranger's composite that keeps its setting to itself. */
  private static Tensor scaled(Tensor x, double factor) {
    return Functions.composite("acme:scale", Map.of(), List.of(x), in -> List.of(in.getFirst().mul(factor)))
        .getFirst();
  }

  @Test
  void keepsApartCompositesThatCaptureDifferentSettings() {
    Tensor x = Tensor.constant(NDArray.of(Shape.of(2), 1f, 2f));
    Graph graph = Graph.of(List.of(scaled(x, 2), scaled(x, 10), scaled(x, 2)));

    List<Tensor> rewritten = graph.rewrite((node, op) -> null).outputs();

    assertThat(Reference.evaluate(rewritten, Map.of())).extracting(NDArray::toFloats)
        .containsExactly(new float[] {2, 4}, new float[] {10, 20}, new float[] {2, 4});
    assertThat(rewritten.get(2)).isSameAs(rewritten.get(0));
  }

  @Test
  void comparesCompositesWithinComposites() {
    Tensor x = Tensor.input("a", TYPE);
    List<Tensor> outer = Stream.of(2, 10, 2)
        .map(factor -> Functions.composite("acme:outer", Map.of(), List.of(x),
            in -> List.of(scaled(in.getFirst().exp(), factor))).getFirst())
        .toList();

    List<Tensor> rewritten = Graph.of(outer).rewrite((node, op) -> null).outputs();

    assertThat(rewritten.get(1)).isNotSameAs(rewritten.get(0));
    assertThat(rewritten.get(2)).isSameAs(rewritten.get(0));
  }

  @Test
  void comparesWhatABodyTakesAndGives() {
    Tensor a = Tensor.input("a", TYPE);
    Tensor b = Tensor.input("b", TYPE);
    List<Function<List<Tensor>, List<Tensor>>> bodies = List.of(
        in -> List.of(in.get(0).sub(in.get(1))), in -> List.of(in.get(1).sub(in.get(0))),
        in -> List.of(in.get(0)), in -> List.of(in.get(1)),
        in -> List.of(in.get(0).sub(a)), in -> List.of(in.get(0).sub(b)));
    List<Tensor> each = bodies.stream()
        .map(body -> Functions.composite("acme:of_two", Map.of(), List.of(a, b), body).getFirst())
        .toList();

    assertThat(new HashSet<>(Graph.of(each).rewrite((node, op) -> null).outputs())).hasSize(bodies.size());
  }

  @Test
  void keepsApartCompositesOfOtherVersionsAndGradients() {
    Tensor x = Tensor.input("a", TYPE);
    CompositeGradient own = (node, g) -> g;
    List<Tensor> each = Stream.of(1, 2, 3, 1)
        .map(i -> Functions.composite("acme:same", i == 2 ? 2 : 1, Map.of(), List.of(x),
            in -> List.of(in.getFirst().neg()), i == 3 ? null : own).getFirst())
        .toList();

    List<Tensor> rewritten = Graph.of(each).rewrite((node, op) -> null).outputs();

    assertThat(new HashSet<>(rewritten)).hasSize(3);
    assertThat(rewritten.get(3)).isSameAs(rewritten.get(0));
  }

  /** Calling a function twice computes it once, whichever it is. */
  @Test
  void mergesTheFunctionsOfCore() {
    Tensor x = Tensor.input("x", TensorType.of(DType.F32, 2, 3, 4));
    Tensor w = Tensor.input("w", TensorType.of(DType.F32, 4));
    Tensor targets = Tensor.input("t", TensorType.of(DType.I32, 2, 3));
    Supplier<Stream<Tensor>> all = () -> Stream.of(
        Functions.gelu(x), Functions.geluTanh(x), Functions.softmax(x, 1), Functions.logSoftmax(x, -1),
        Functions.layerNorm(x, w, w, 1e-5), Functions.rmsNorm(x, w, 1e-5), Functions.softmaxCrossEntropy(x, targets),
        Functions.causalAttention(x, x, x, Tensor.scalar(DType.I32, 0)));

    List<Tensor> rewritten =
        Graph.of(Stream.concat(all.get(), all.get()).toList()).rewrite((node, op) -> null).outputs();

    assertThat(rewritten.subList(8, 16)).isEqualTo(rewritten.subList(0, 8)).doesNotHaveDuplicates();
  }

  @Test
  void aRuleReplacesANodeEverywhere() {
    Tensor a = Tensor.input("a", TYPE);
    Tensor halved = a.exp().mul(0.5);
    Graph graph = Graph.of(List.of(halved, halved.neg()));

    Graph rewritten = graph.rewrite((node, op) ->
        op instanceof Op.Unary u && u.kind() == UnaryKind.EXP ? List.of(u.x().sin()) : null);

    assertThat(rewritten.toString()).contains("sin").doesNotContain("exp");
    assertThat(rewritten.nodes()).hasSize(graph.nodes().size());
  }

  @Test
  void leavesBehindWhatNothingNeeds() {
    Tensor a = Tensor.input("a", TYPE);
    Graph graph = Graph.of(List.of(a.exp().log().neg()));

    Graph rewritten = graph.rewrite((node, op) ->
        op instanceof Op.Unary u && u.kind() == UnaryKind.LOG ? List.of(a) : null);

    assertThat(rewritten.nodes()).extracting(node -> node.op().label()).containsExactly("input", "neg");
  }

  @Test
  void substitutesAValueBelowOthers() {
    Tensor a = Tensor.input("a", TYPE);
    Tensor middle = a.exp();
    Tensor b = Tensor.input("b", TYPE);

    List<Tensor> outputs = Graph.of(List.of(middle.neg(), a)).substitute(Map.of(middle, b));

    assertThat(((Op.Unary) outputs.get(0).node().op()).x()).isSameAs(b);
    assertThat(outputs.get(1)).isSameAs(a);
  }

  @Test
  void inlinesABodyForItsOperands() {
    Tensor p = Tensor.apply(new Op.Input(Op.Role.PARAMETER, "p", TYPE));
    Tensor q = Tensor.apply(new Op.Input(Op.Role.PARAMETER, "q", TYPE));
    Tensor a = Tensor.input("a", TYPE);

    List<Tensor> same = new Graph(List.of(p, q), List.of(p.sub(q), q, p)).inline(List.of(a, a.neg()));

    assertThat(Reference.evaluate(same.getFirst(), ARGUMENTS).toFloats())
        .isEqualTo(Reference.evaluate(a.add(a), ARGUMENTS).toFloats());
    assertThat(same.get(2)).isSameAs(a);
  }

  @Test
  void walksADeepGraph() {
    Tensor x = Tensor.input("a", TYPE);
    for (int i = 0; i < 100_000; i++) {
      x = x.neg();
    }

    assertThat(Graph.of(List.of(x)).rewrite((node, op) -> null).nodes()).hasSize(100_001);
  }

  // ----------------------------------------------------------------

  private static List<List<Float>> values(Graph graph) {
    return Reference.evaluate(graph.outputs(), ARGUMENTS).stream()
        .map(a -> IntStream.range(0, (int) a.size()).mapToObj(i -> (float) a.get(i)).toList())
        .toList();
  }

  private static NDArray value(long seed) {
    return Reference.evaluate(Key.of(seed).normal(TYPE));
  }

  /** A graph of some thirty operations, some of them equal. */
  private static Graph random(long seed) {
    Random random = new Random(seed);
    List<Tensor> all = new ArrayList<>(List.of(Tensor.input("a", TYPE), Tensor.input("b", TYPE)));
    for (int i = 0; i < 30; i++) {
      Tensor x = all.get(random.nextInt(all.size()));
      Tensor y = all.get(random.nextInt(all.size()));
      all.add(switch (random.nextInt(8)) {
        case 0 -> x.add(y);
        case 1 -> x.mul(y).tanh();
        case 2 -> x.maximum(y);
        case 3 -> x.sin();
        case 4 -> x.gt(y).where(x, y.neg());
        case 5 -> x.transpose().reshape(TYPE.shape()).sub(0.5);
        case 6 -> x.reduce(ReduceKind.MAX, random.nextInt(2)).broadcastTo(TYPE.shape());
        default -> Node.of(new Op.Sort(x, 1, random.nextBoolean())).output(0);
      });
    }
    return Graph.of(List.of(all.get(31), all.get(30), all.get(20)));
  }
}
