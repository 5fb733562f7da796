package dev.ashlar.program;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Functions;
import dev.ashlar.tensor.Graph;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Origin;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Against counts by hand: two for each multiplication with its addition, as papers count. */
class CostTest {

  private static Tensor input(String name, int... dims) {
    return Tensor.input(name, TensorType.of(DType.F32, dims));
  }

  private static double flops(Tensor result) {
    return Cost.flops(Graph.of(List.of(result)));
  }

  @Test
  void productsTakeTwoForEachTerm() {
    assertThat(flops(input("a", 3, 5).matmul(input("b", 5, 7)))).isEqualTo(2 * 3 * 5 * 7);
    assertThat(flops(input("a", 4, 3, 5).matmul(input("b", 4, 5, 7)))).isEqualTo(4 * 2 * 3 * 5 * 7);
  }

  @Test
  void convolutionsTakeTwoForEachTermOfEachPosition() {
    Tensor image = input("x", 2, 6, 8, 9);
    // 6 x 7 positions of 3 x 3, 10 filters over 6 channels; in two groups over 3
    assertThat(flops(image.conv(input("k", 10, 6, 3, 3), Op.Window.of(2, 1, 0), 1)))
        .isEqualTo(2.0 * 2 * 10 * 6 * 7 * 6 * 3 * 3);
    assertThat(flops(image.conv(input("k", 10, 3, 3, 3), Op.Window.of(2, 1, 0), 2)))
        .isEqualTo(2.0 * 2 * 10 * 6 * 7 * 3 * 3 * 3);
  }

  @Test
  void whatReadsEachElementTakesOneForEach() {
    Tensor x = input("x", 2, 6, 8, 8);
    assertThat(flops(x.maxPool(List.of(2, 2), Op.Window.of(2, 2, 0)))).isEqualTo(2 * 6 * 8 * 8);
    assertThat(flops(x.sumPool(List.of(2, 2), Op.Window.of(2, 2, 0)))).isEqualTo(2 * 6 * 8 * 8);
    assertThat(flops(x.sum(3))).isEqualTo(2 * 6 * 8 * 8);
    assertThat(flops(x.exp())).isEqualTo(2 * 6 * 8 * 8);
    assertThat(flops(x.add(x))).isEqualTo(2 * 6 * 8 * 8);
  }

  @Test
  void movingTakesNone() {
    assertThat(flops(input("x", 2, 6, 8).permute(0, 2, 1).reshape(2, 48).slice(1, 3, 9))).isZero();
  }

  @Test
  void compositesTakeWhatTheirBodiesTake() {
    Tensor x = input("x", 2, 8);
    assertThat(flops(Functions.softmax(x, 1))).isGreaterThanOrEqualTo(4 * 2 * 8);
  }

  @Test
  void whoAskedForItIsKnown() {
    Tensor a = Origin.within("first", () -> input("x", 3, 4).exp());
    Tensor b = Origin.within("second", () -> a.mul(a).add(a));
    assertThat(Cost.byPath(Graph.of(List.of(b)))).containsAllEntriesOf(Map.of("first", 12.0, "second", 24.0));
  }
}
