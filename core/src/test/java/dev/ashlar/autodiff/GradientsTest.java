package dev.ashlar.autodiff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.ashlar.reference.Reference;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Functions;
import dev.ashlar.tensor.Graph;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Node;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Origin;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GradientsTest {

  private static final double E = Math.E;

  private final Tensor x = Tensor.constant(NDArray.scalar(DType.F64, 1));

  private static double value(Tensor tensor) {
    return Reference.evaluate(tensor).item();
  }

  private static Tensor product(Tensor a, Tensor b) {
    return Functions.composite("product", Map.of(), List.of(a, b), in -> List.of(in.get(0).mul(in.get(1))))
        .getFirst();
  }

  @Test
  void sumsOverAllUses() {
    Tensor y = x.mul(3);

    assertThat(value(Gradients.of(y.mul(y).add(x), List.of(x)).getFirst())).isEqualTo(19);
  }

  @Test
  void takesTheSameOperandOfACompositeTwice() {
    assertThat(value(Gradients.of(product(x, x), List.of(x)).getFirst())).isEqualTo(2);
  }

  @Test
  void takesAnOperandOfACompositeMadeFromAnother() {
    // x e^x has the slope (1 + x) e^x.
    assertThat(value(Gradients.of(product(x, x.exp()), List.of(x)).getFirst()))
        .isCloseTo(2 * E, within(1e-15));
    assertThat(value(Gradients.of(product(x.exp(), x), List.of(x)).getFirst()))
        .isCloseTo(2 * E, within(1e-15));
  }

  @Test
  void goesThroughTheOutputsOfACompositeThatAreUsed() {
    List<Tensor> both = Functions.composite("both", Map.of(), List.of(x, x.mul(2)),
        in -> List.of(in.get(0).mul(in.get(1)), in.get(0).exp()));

    assertThat(value(Gradients.of(both.get(0), List.of(x)).getFirst())).isEqualTo(4);
    assertThat(value(Gradients.of(both.get(1), List.of(x)).getFirst())).isCloseTo(E, within(1e-15));
    assertThat(value(Gradients.of(both.get(0).add(both.get(1)), List.of(x)).getFirst()))
        .isCloseTo(4 + E, within(1e-15));
  }

  @Test
  void areZeroWhereNothingDepends() {
    Tensor other = Tensor.constant(NDArray.of(Shape.of(2), 1f, 2f));

    Tensor gradient = Gradients.of(x.exp(), List.of(other)).getFirst();

    assertThat(gradient.type()).isEqualTo(other.type());
    assertThat(Reference.evaluate(gradient).toFloats()).containsOnly(0);
  }

  @Test
  void ofTheThingItselfIsOne() {
    assertThat(value(Gradients.of(x, List.of(x)).getFirst())).isEqualTo(1);
  }

  @Test
  void stopAtDetached() {
    assertThat(value(Gradients.of(x.mul(x.exp().detach()), List.of(x)).getFirst()))
        .isCloseTo(E, within(1e-15));
  }

  @Test
  void areWithRespectToInnerValuesToo() {
    Tensor y = x.exp();

    assertThat(value(Gradients.of(y.square(), List.of(y)).getFirst())).isCloseTo(2 * E, within(1e-15));
  }

  @Test
  void keepTheNamesAndTheOrigin() {
    Tensor w = Tensor.input("w", TensorType.of(DType.F64));
    Tensor loss = Origin.within("blocks.1", () -> w.tanh());

    Tensors gradients = Gradients.of(loss, Tensors.of("weight", w));

    assertThat(gradients.names()).containsExactly("weight");
    assertThat(Graph.of(gradients.values()).nodes())
        .filteredOn(node -> node.op() instanceof Op.Binary)
        .isNotEmpty()
        .extracting(Node::origin)
        .extracting(Origin::path)
        .containsOnly("blocks.1");
  }

  @Test
  void areThoseOfAScalar() {
    Tensor vector = Tensor.input("v", TensorType.of(DType.F64, 3));

    assertThatThrownBy(() -> Gradients.of(vector, List.of(vector)))
        .isInstanceOf(ShapeException.class)
        .hasMessage("gradient: expected a scalar loss, found f64[3]");
  }

  @Test
  void growWithTheGraphNotWithItsSquare() {
    int few = nodesOfAGradientThrough(20);
    int many = nodesOfAGradientThrough(2000);

    assertThat(many).isLessThanOrEqualTo(100 * few);
  }

  private int nodesOfAGradientThrough(int composites) {
    Tensor y = x;
    for (int i = 0; i < composites; i++) {
      y = Functions.gelu(y.mul(0.999));
    }
    return Graph.of(Gradients.of(y, List.of(x))).nodes().size();
  }

  @Test
  void emptyProductsHaveEmptyGradients() {
    Tensor empty = Tensor.constant(NDArray.zeros(TensorType.of(DType.F64, 2, 0)));
    Tensor loss = empty.reduce(Op.ReduceKind.PROD, 1).sum();

    Tensor gradient = Gradients.of(loss, List.of(empty)).getFirst();

    assertThat(value(loss)).isEqualTo(2);
    assertThat(gradient.shape()).isEqualTo(Shape.of(2, 0));
  }
}
