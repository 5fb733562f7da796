package dev.ashlar.io.huggingface;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.model.Placement;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.TensorType;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Parts along each axis of tensors of each rank are where counting element by element finds them. */
class PlacingTest {

  record Case(Placement placement, Shape whole) {}

  static Stream<Case> cases() {
    Placement plain = Placement.of("parameter", "tensor");
    return Stream.concat(
        Stream.of(Shape.of(7), Shape.of(6, 9), Shape.of(5, 4, 6), Shape.of(4, 2, 5, 3))
            .flatMap(shape -> IntStream.rangeClosed(-1, shape.rank() - 1)
                .mapToObj(axis -> new Case(axis < 0 ? plain : plain.partly(axis, 1, shape.dim(axis)), shape))),
        Stream.of(new Case(plain.asTransposed(), Shape.of(40, 70)), new Case(plain.asTransposed(), Shape.of(7)),
            new Case(plain.partly(0, 2, 39).asTransposed(), Shape.of(40, 70)),
            new Case(plain.partly(1, 3, 60).asTransposed(), Shape.of(40, 70)),
            new Case(plain.partly(0, 2, 5).asTransposed(), Shape.of(7))));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void isReadAndWrittenWhereItLies(Case given) {
    for (DType dtype : new DType[] {DType.BF16, DType.F32, DType.F64}) {
      int[] dims = given.whole.dims().clone();
      given.placement.part().ifPresent(part -> dims[part.axis()] = part.to() - part.from());
      boolean isTransposed = given.placement.transposed() && dims.length == 2;
      NDArray whole = NDArray.zeros(new TensorType(dtype, given.whole));
      for (int i = 0; i < whole.size(); i++) {
        whole.set(i, i % 251); // what BF16 holds exactly
      }
      NDArray parameter = NDArray.zeros(new TensorType(dtype,
          isTransposed ? Shape.of(dims[1], dims[0]) : Shape.of(dims)));
      Placing.read(given.placement, whole, parameter);
      NDArray back = NDArray.zeros(whole.type());
      Placing.write(given.placement, parameter, back);

      int[] at = new int[dims.length];
      double[] expectedBack = new double[(int) whole.size()];
      for (int i = 0; i < parameter.size(); i++) {
        int there = position(at, given);
        int here = isTransposed ? at[1] * dims[0] + at[0] : i;
        assertThat(parameter.get(here)).as("%s of %s at %s", dtype, given, Arrays.toString(at)).isEqualTo(there % 251);
        expectedBack[there] = there % 251;
        next(at, dims);
      }
      assertThat(back.toDoubles()).isEqualTo(expectedBack);
    }
  }

  private static int position(int[] at, Case given) {
    int position = 0;
    for (int axis = 0; axis < at.length; axis++) {
      int from = axis;
      int shift = given.placement.part().filter(part -> part.axis() == from).map(Placement.Part::from).orElse(0);
      position = position * given.whole.dim(axis) + at[axis] + shift;
    }
    return position;
  }

  private static void next(int[] at, int[] dims) {
    for (int axis = dims.length - 1; axis >= 0 && ++at[axis] == dims[axis]; axis--) {
      at[axis] = 0;
    }
  }
}
