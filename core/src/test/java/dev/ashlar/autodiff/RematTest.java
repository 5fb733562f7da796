package dev.ashlar.autodiff;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.reference.Reference;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Functions;
import dev.ashlar.tensor.Graph;
import dev.ashlar.tensor.Key;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Node;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Origin;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RematTest {

  private static final int BLOCKS = 8;
  private static final int WIDTH = 4;

  private final Map<String, NDArray> arguments = new HashMap<>();
  private final List<Tensor> weights = new ArrayList<>();
  private final List<String> paths = IntStream.range(0, BLOCKS).mapToObj(i -> "blocks." + i).toList();

  private Tensor input(String name, int... dims) {
    TensorType type = TensorType.of(DType.F32, dims);
    arguments.put(name, Reference.evaluate(Key.of(5).child(name).normal(type)));
    return Tensor.input(name, type);
  }

  /** Residual blocks with a wide inner layer and dropout. */
  private Tensor loss() {
    Tensor x = input("x", 16, WIDTH);
    Key key = Key.of(Tensor.constant(NDArray.of(Shape.of(2), 1, 2)));
    for (int i = 0; i < BLOCKS; i++) {
      Tensor in = x;
      Tensor up = input("up" + i, WIDTH, 8 * WIDTH);
      Tensor down = input("down" + i, 8 * WIDTH, WIDTH);
      weights.addAll(List.of(up, down));
      Key here = key.child("block" + i);
      x = Origin.within(paths.get(i), () -> in.add(block(Functions.softmax(in, 1), up, down, here)));
    }
    return x.square().mean();
  }

  private static Tensor block(Tensor x, Tensor up, Tensor down, Key key) {
    Tensor wide = Functions.gelu(x.matmul(up)); // [16, 8 WIDTH]
    Tensor kept = key.uniform(wide.type()).lt(0.5);
    return kept.where(wide.mul(2), Tensor.zeros(wide.type())).matmul(down).sin();
  }

  @Test
  void gradientsAreTheSameBits() {
    Tensor loss = loss();
    List<NDArray> plain = Reference.evaluate(Gradients.of(loss, weights), arguments);
    List<NDArray> again = Reference.evaluate(Remat.gradients(loss, weights, paths), arguments);

    assertThat(again.stream().map(NDArray::toFloats).toList())
        .usingRecursiveComparison()
        .isEqualTo(plain.stream().map(NDArray::toFloats).toList());
  }

  @Test
  void keepsLessAtATime() {
    Tensor loss = loss();
    long plain = peak(loss, Gradients.of(loss, weights));
    long again = peak(loss, Remat.gradients(loss, weights, paths));

    assertThat(again).isLessThan(plain / 3);
  }

  @Test
  void isNotUndoneByFindingCommonExpressions() {
    Tensor loss = loss();
    Graph graph = Graph.of(outputs(loss, Remat.gradients(loss, weights, paths)));
    Graph plain = Graph.of(outputs(loss, Gradients.of(loss, weights)));

    Graph rewritten = graph.rewrite((node, op) -> null);

    assertThat(count(plain, Op.RandomBits.class)).isEqualTo(2L * BLOCKS); // child keys and masks
    assertThat(count(rewritten, Op.RandomBits.class)).isEqualTo(3L * BLOCKS); // each mask once more
  }

  private static long count(Graph graph, Class<? extends Op> type) {
    return graph.nodes().stream().filter(node -> type.isInstance(node.op())).count();
  }

  @Test
  void namesWhatEachPartBeginsWith() {
    Tensor loss = loss();
    List<Node> barriers = Graph.of(Remat.gradients(loss, weights, paths)).nodes().stream()
        .filter(node -> node.op().label().equals(Functions.BARRIER))
        .toList();

    assertThat(barriers).hasSize(BLOCKS).allSatisfy(node -> {
      assertThat(node.outputs()).hasSizeLessThan(node.inputs().size());
      Tensor gradient = node.inputs().getLast();
      assertThat(Graph.of(List.of(loss)).nodes()).doesNotContain(gradient.node());
    });
  }

  @Test
  void partsThatAreNotThereChangeNothing() {
    Tensor loss = loss();
    List<Tensor> gradients = Remat.gradients(loss, weights, List.of("blocks.77", "block"));

    assertThat(Graph.of(gradients).nodes()).noneMatch(node -> node.op().label().equals(Functions.BARRIER));
  }

  @Test
  void onePartUsedTwiceWaitsForNoCircle() {
    Tensor x = input("x", 3, WIDTH);
    Tensor w = input("w", WIDTH, WIDTH);
    Tensor once = Origin.within("shared", () -> x.matmul(w).sin().exp());
    Tensor twice = Origin.within("shared", () -> once.neg().matmul(w).sin().exp());
    Tensor loss = twice.mul(once).sum();

    List<Tensor> gradients = Remat.gradients(loss, List.of(w), List.of("shared"));

    assertThat(Reference.evaluate(gradients, arguments).getFirst().toFloats())
        .isEqualTo(Reference.evaluate(Gradients.of(loss, List.of(w)), arguments).getFirst().toFloats());
  }

  @Test
  void canBeDifferentiatedAgain() {
    Tensor loss = loss();
    Tensor w = weights.getFirst();
    Tensor plain = Gradients.of(loss, List.of(w)).getFirst().square().sum();
    Tensor again = Remat.gradients(loss, List.of(w), paths).getFirst().square().sum();

    float[] expected = Reference.evaluate(Gradients.of(plain, List.of(w)), arguments).getFirst().toFloats();
    float[] found = Reference.evaluate(Gradients.of(again, List.of(w)), arguments).getFirst().toFloats();

    double largest =
        IntStream.range(0, expected.length).mapToDouble(i -> Math.abs(expected[i])).max().orElseThrow();
    for (int i = 0; i < found.length; i++) {
      assertThat(Math.abs(found[i] - expected[i])).isLessThan((float) (1e-5 * largest));
    }
  }

  /** The loss, then the gradients from the last layer's to the first's, as a backward pass finds them. */
  private static List<Tensor> outputs(Tensor loss, List<Tensor> gradients) {
    List<Tensor> outputs = new ArrayList<>(gradients.reversed());
    outputs.addFirst(loss);
    return outputs;
  }

  /** The most bytes of intermediate values that are alive at a time, run in the graph's order. */
  private static long peak(Tensor loss, List<Tensor> gradients) {
    List<Node> nodes = Graph.of(outputs(loss, gradients)).nodes();
    Map<Tensor, Tensor> aliased = new IdentityHashMap<>();
    Map<Tensor, Integer> lastUse = new IdentityHashMap<>();
    for (int i = 0; i < nodes.size(); i++) {
      Node node = nodes.get(i);
      int now = i;
      node.outputs().forEach(t -> lastUse.put(t, now));
      node.inputs().forEach(t -> lastUse.put(aliased.getOrDefault(t, t), now));
      if (node.op().label().equals(Functions.BARRIER)) {
        node.outputs().forEach(t -> {
          Tensor of = node.inputs().get(t.output());
          aliased.put(t, aliased.getOrDefault(of, of));
        });
      }
    }
    long alive = 0;
    long most = 0;
    Map<Integer, Long> freed = new HashMap<>();
    for (int i = 0; i < nodes.size(); i++) {
      for (Tensor t : nodes.get(i).outputs()) {
        if (!aliased.containsKey(t) && !(t.node().op() instanceof Op.Input)) {
          alive += t.type().bytes();
          freed.merge(lastUse.get(t), t.type().bytes(), Long::sum);
        }
      }
      most = Math.max(most, alive);
      alive -= freed.getOrDefault(i, 0L);
    }
    return most;
  }
}
