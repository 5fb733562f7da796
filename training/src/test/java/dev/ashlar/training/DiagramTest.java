package dev.ashlar.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.model.Block;
import dev.ashlar.model.Initializer;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Precision;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DiagramTest {

  private static final Initializer ONES = (type, fans, key) -> Tensor.full(type, 1);

  /** y = x W. */
  private record Product(int units) implements Layer {
    @Override
    public Tensor forward(Tensor x, Scope scope) {
      return x.matmul(scope.parameter("weight", Shape.of(x.dim(-1), units), ONES));
    }
  }

  /** Passes its input on, as dropout does when a model is asked. */
  private record Nothing() implements Layer {
    @Override
    public Tensor forward(Tensor x, Scope scope) {
      return x;
    }
  }

  /** x + second(first(x)) */
  private record Residual(Layer first, Layer second) implements Layer {
    @Override
    public Tensor forward(Tensor x, Scope scope) {
      return x.add(scope.call(second, scope.call(first, x))).tanh();
    }
  }

  private record Chain(List<Layer> parts) implements Layer {
    @Override
    public Tensor forward(Tensor x, Scope scope) {
      Tensor y = x;
      for (Layer part : parts) {
        y = scope.call(part, y);
      }
      return y;
    }
  }

  /** Two inputs through parts of their own, joined, and one of the parts given as well. */
  private record Joined() implements Block {
    @Override
    public Tensors forward(Tensors in, Scope scope) {
      Tensor left = scope.call(new Product(4), in.get("left"));
      Tensor right = scope.call(new Product(4), in.get("right"));
      return Tensors.of("product", scope.call(new Product(2), left.mul(right)), "left", left);
    }
  }

  private static Diagram of(Block model) {
    return Diagram.of(model, Precision.F32, Map.of("input", TensorType.of(DType.F32, 3)));
  }

  private static List<String> edges(Diagram.Node node) {
    return node.edges().stream().map(edge -> edge.from() + " -> " + edge.to()).sorted().toList();
  }

  private static Diagram.Node part(Diagram.Node node, String id) {
    return node.nodes().stream().filter(part -> part.id().equals(id)).findFirst().orElseThrow();
  }

  @Test
  void aChainIsAChainEvenThroughWhatDoesNothing() {
    Diagram diagram = of(new Chain(List.of(new Product(5), new Nothing(), new Product(2))));

    assertThat(edges(diagram.whole())).containsExactly("in:input -> product", "nothing -> product_1",
        "product -> nothing", "product_1 -> out:output");
    assertThat(part(diagram.whole(), "product_1").output()).isEqualTo("f32[*, 2]");
    assertThat(part(diagram.whole(), "product_1").parameters()).isEqualTo(10);
    assertThat(part(diagram.whole(), "in:input").output()).isEqualTo("f32[*, 3]");
    assertThat(diagram.parameters()).isEqualTo(25);
  }

  @Test
  void whatIsAddedIsANode() {
    Diagram diagram = of(new Chain(List.of(new Residual(new Product(4), new Product(3)), new Product(2))));
    Diagram.Node residual = part(diagram.whole(), "residual");

    assertThat(edges(residual)).containsExactly("in:value -> operation 1", "in:value -> product",
        "operation 1 -> out:output", "product -> product_1", "product_1 -> operation 1");
    assertThat(part(residual, "operation 1").name()).isEqualTo("+");
    assertThat(residual.parameters()).isEqualTo(24);
    assertThat(edges(diagram.whole())).containsExactly("in:input -> residual", "product -> out:output",
        "residual -> product");
  }

  @Test
  void partsThatFollowEachOtherAndAreAlikeAreOne() {
    Layer block = new Residual(new Product(4), new Product(3));
    Diagram diagram = of(new Chain(List.of(new Product(3), block, block, block, new Product(2))));
    Diagram.Node blocks = part(diagram.whole(), "residual");

    assertThat(blocks.times()).isEqualTo(3);
    assertThat(blocks.name()).isEqualTo("residual .. residual_2");
    assertThat(blocks.parameters()).isEqualTo(3 * 24);
    assertThat(edges(diagram.whole())).containsExactly("in:input -> product", "product -> residual",
        "product_1 -> out:output", "residual -> product_1");
  }

  @Test
  void severalInputsAndOutputsHaveNames() {
    TensorType input = TensorType.of(DType.F32, 3);
    Diagram diagram = Diagram.of(new Joined(), Precision.F32, Map.of("left", input, "right", input));

    assertThat(edges(diagram.whole())).containsExactly("in:left -> product", "in:right -> product_1",
        "operation 1 -> product_2", "product -> operation 1", "product -> out:left", "product_1 -> operation 1",
        "product_2 -> out:product");
    assertThat(part(diagram.whole(), "operation 1").name()).isEqualTo("\u00d7");
  }
}
