package dev.ashlar.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.ashlar.reference.ReferenceBackend;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Methods that are one operation, looked at by {@code eval}. */
class TensorTest {

  private final Tensor x = Tensor.constant(NDArray.of(Shape.of(2, 3), 3f, 1f, 2f, -1f, 2f, 5f));

  @Test
  void reducesAllElementsOrSomeAxes() {
    assertThat(List.of(x.sum(), x.mean(), x.max(), x.min(), x.prod())).extracting(t -> t.eval().item())
        .containsExactly(12.0, 2.0, 5.0, -1.0, -60.0);
    assertThat(x.min(1).eval().toFloats()).containsExactly(1, -1);
    assertThat(x.prod(-1).eval().toFloats()).containsExactly(6, -10);
    assertThat(x.min(1).shape()).isEqualTo(Shape.of(2, 1));
  }

  @Test
  void comparesWithANumber() {
    List<Function<Tensor, Tensor>> comparisons =
        List.of(t -> t.eq(2), t -> t.ne(2), t -> t.lt(2), t -> t.le(2), t -> t.gt(2), t -> t.ge(2));

    assertThat(comparisons).extracting(compare -> compare.apply(x).eval().toInts()).containsExactly(
        new int[] {0, 0, 1, 0, 1, 0}, new int[] {1, 1, 0, 1, 0, 1}, new int[] {0, 1, 0, 1, 0, 0},
        new int[] {0, 1, 1, 1, 1, 0}, new int[] {1, 0, 0, 0, 0, 1}, new int[] {1, 0, 1, 0, 1, 1});
  }

  @Test
  void sorts() {
    assertThat(x.sort(-1).eval().toFloats()).containsExactly(1, 2, 3, -1, 2, 5);
    assertThat(x.argSort(-1).eval().toInts()).containsExactly(1, 2, 0, 0, 1, 2);
    assertThat(x.sort(0).eval().toFloats()).containsExactly(-1, 1, 2, 3, 2, 5);
    assertThat(x.topK(2).eval().toFloats()).containsExactly(3, 2, 5, 2);
    assertThat(x.argTopK(2).eval().toInts()).containsExactly(0, 2, 2, 1);
  }

  @Test
  void takesWholeNumbersBesideIntegers() {
    Tensor counts = Tensor.constant(NDArray.of(Shape.of(3), 3, 4, 6));

    assertThat(counts.mul(2).add(1).eval().toInts()).containsExactly(7, 9, 13);
    assertThat(counts.cast(DType.F32).mul(0.5).eval().toFloats()).containsExactly(1.5f, 2, 3);
    assertThat(counts.cast(DType.F64).mean().eval().item()).isEqualTo(13.0 / 3);
  }

  @Test
  void reshapesToWhatIsLeft() {
    assertThat(x.reshape(-1, 2).shape()).isEqualTo(Shape.of(3, 2));
    assertThat(x.slice(0, 0, 0).reshape(0, -1).shape()).isEqualTo(Shape.of(0, 0));
  }

  @Test
  void evaluatesOnABackend() {
    try (ReferenceBackend backend = new ReferenceBackend()) {
      assertThat(x.square().sum().eval(backend).item()).isEqualTo(44);
    }
  }

  @Test
  void hasNoValueWhileAnInputHasNone() {
    assertThatIllegalArgumentException().isThrownBy(() -> Tensor.input("y", x.type()).add(x).eval())
        .withMessage("no value for input 'y' f32[2, 3] among []");
  }
}
