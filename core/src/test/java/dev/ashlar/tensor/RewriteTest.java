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
import java.util.stream.IntStream;
import java.util.stream.LongStream;
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
