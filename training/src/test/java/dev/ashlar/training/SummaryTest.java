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
import java.util.Map;
import org.junit.jupiter.api.Test;

class SummaryTest {

  private static final Initializer ONES = (type, fans, key) -> Tensor.full(type, 1);

  /** y = x W, with a scope of its own that is no part. */
  private record Product(int units) implements Layer {
    @Override
    public Tensor forward(Tensor x, Scope scope) {
      return x.matmul(scope.child("inner").parameter("weight", Shape.of(x.dim(-1), units), ONES));
    }
  }

  /** A part with parts. */
  private record Pair(Block first, Block second) implements Layer {
    @Override
    public Tensor forward(Tensor x, Scope scope) {
      return scope.call((Layer) second, scope.call((Layer) first, x)).tanh();
    }
  }

  @Test
  void countsByPart() {
    Summary summary = Summary.of(new Pair(new Product(5), new Pair(new Product(7), new Product(2))), Precision.F32,
        Map.of("input", TensorType.of(DType.F32, 3)));

    assertThat(summary.parameters()).isEqualTo(3 * 5 + 5 * 7 + 7 * 2);
    assertThat(summary.flops()).isEqualTo(2 * (3 * 5 + 5 * 7 + 7 * 2) + 2 + 2);
    assertThat(summary.lines().stream().mapToDouble(Summary.Line::flops).sum()).isEqualTo(summary.flops());
    assertThat(summary.lines()).extracting(Summary.Line::flops).containsExactly(2.0, 30.0, 2.0, 70.0, 28.0);
    assertThat(summary.lines()).extracting(Summary.Line::parameters).containsExactly(0L, 15L, 0L, 35L, 14L);
    assertThat(summary.lines()).extracting(Summary.Line::kind)
        .containsExactly("Pair", "Product", "Pair", "Product", "Product");
  }
}
