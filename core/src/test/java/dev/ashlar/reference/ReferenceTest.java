package dev.ashlar.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.program.OperationException;
import dev.ashlar.tensor.CustomOp;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Graph;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Node;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Op.BinaryKind;
import dev.ashlar.tensor.Origin;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReferenceTest {

  @Test
  void bindsInputsByName() {
    Tensor x = Tensor.input("x", TensorType.of(DType.F32, 2));
    Tensor y = Tensor.input("y", TensorType.of(DType.F32, 2));

    NDArray result = Reference.evaluate(
        x.mul(y).sum(), Map.of("x", NDArray.of(Shape.of(2), 2f, 3f), "y", NDArray.of(Shape.of(2), 5f, 7f)));

    assertThat(result.item()).isEqualTo(31);
  }

  @Test
  void namesAMissingInputAndTheOnesThereAre() {
    Tensor x = Tensor.input("x", TensorType.of(DType.F32, 2));

    assertThatThrownBy(() -> Reference.evaluate(x.exp(), Map.of("y", NDArray.scalar(DType.F32, 1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no value for input 'x' f32[2] among [y]");
  }

  @Test
  void refusesAValueOfAnotherType() {
    Tensor x = Tensor.input("x", TensorType.of(DType.F32, 2));

    assertThatThrownBy(() -> Reference.evaluate(x.exp(), Map.of("x", NDArray.scalar(DType.F32, 1))))
        .isInstanceOf(ShapeException.class)
        .hasMessage("input 'x': expected f32[2], found f32[]");
  }

  @Test
  void handsOutArraysOfItsOwn() {
    Tensor x = Tensor.input("x", TensorType.of(DType.F32, 1));
    NDArray argument = NDArray.of(Shape.of(1), 1f);

    List<NDArray> results =
        Reference.evaluate(List.of(x, x.detach(), x.reshape(1, 1)), Map.of("x", argument));
    results.forEach(r -> r.set(0, 9));

    assertThat(argument.get(0)).isEqualTo(1);
  }

  @Test
  void evaluatesTheBodyOfACompositeWithItsOperands() {
    Tensor p = Tensor.apply(new Op.Input(Op.Role.PARAMETER, "p", TensorType.of(DType.F64)));
    Tensor q = Tensor.apply(new Op.Input(Op.Role.PARAMETER, "q", TensorType.of(DType.F64)));
    Graph body = new Graph(List.of(p, q), List.of(p.sub(q), p.mul(q)));
    Tensor three = Tensor.scalar(DType.F64, 3);
    Tensor five = Tensor.scalar(DType.F64, 5);
    Node node = Node.of(new Op.Composite("both", 1, Map.of(), List.of(five, three), body, null));

    List<NDArray> results = Reference.evaluate(node.outputs(), Map.of());

    assertThat(results).extracting(NDArray::item).containsExactly(2.0, 15.0);
  }

  @Test
  void namesACustomOperationThatFails() {
    record Narrow() implements CustomOp {
      @Override public String name() { return "test:narrow"; }

      @Override public List<TensorType> outputTypes(List<TensorType> operands) {
        return List.of(TensorType.of(DType.F64));
      }

      @Override public void evaluate(List<NDArray> operands, List<NDArray> outputs) {
        throw new IllegalStateException("no room");
      }
    }
    Tensor x = Tensor.constant(NDArray.of(Shape.of(3), 1.0, 2.0, 4.0));
    Tensor y = Origin.within("blocks.3", () -> Tensor.apply(new Op.Custom(new Narrow(), List.of(x))));

    assertThatThrownBy(() -> Reference.evaluate(y)).isInstanceOf(OperationException.class)
        .hasMessage("operation 'test:narrow' in blocks.3: its own code, " + Narrow.class.getName()
            + ".evaluate, failed, operands [f64[3]], outputs [f64[]] as its outputTypes says:"
            + " java.lang.IllegalStateException: no room")
        .hasCauseInstanceOf(IllegalStateException.class);
  }

  @Test
  void callsACustomOperation() {
    record SumAndCount() implements CustomOp {
      @Override public String name() { return "test:sum_and_count"; }

      @Override public List<TensorType> outputTypes(List<TensorType> operands) {
        return List.of(TensorType.of(DType.F64), TensorType.of(DType.I32));
      }

      @Override public void evaluate(List<NDArray> operands, List<NDArray> outputs) {
        NDArray x = operands.getFirst();
        for (long i = 0; i < x.size(); i++) {
          outputs.get(0).set(0, outputs.get(0).get(0) + x.get(i));
        }
        outputs.get(1).setLong(0, x.size());
      }
    }
    Tensor x = Tensor.constant(NDArray.of(Shape.of(3), 1.0, 2.0, 4.0));
    Node node = Node.of(new Op.Custom(new SumAndCount(), List.of(x)));

    assertThat(Reference.evaluate(node.outputs(), Map.of())).extracting(NDArray::item)
        .containsExactly(7.0, 3.0);
  }

  @Test
  void sumsWithoutLosingWhatIsSmall() {
    Tensor x = Tensor.constant(NDArray.of(Shape.of(4), 1e17, 1, -1e17, 1e-3));

    assertThat(Reference.evaluate(x.sum()).item()).isEqualTo(1.001);
    assertThat(Reference.evaluate(x.cumSum(0)).toDoubles()).containsExactly(1e17, 1e17, 1, 1.001);
    Tensor ones = Tensor.full(TensorType.of(DType.F64, 4, 1), 1);
    assertThat(Reference.evaluate(x.reshape(1, 4).matmul(ones)).item()).isEqualTo(1.001);
  }

  @Test
  void roundsOnceToNarrowTypes() {
    Tensor x = Tensor.constant(NDArray.of(Shape.of(3), 1f, 0x1p-8f, 0x1p-8f));

    // One after the other each 2^-8 would be lost; together they are the next number after 1.
    assertThat(Reference.evaluate(x.cast(DType.BF16).sum()).item()).isEqualTo(1 + 0x1p-7);
    assertThat(Reference.evaluate(x.cast(DType.F16).sum()).item()).isEqualTo(1 + 0x1p-7);
    assertThat(Reference.evaluate(x.cast(DType.BF16).add(1)).toDoubles()).containsExactly(2, 1, 1);
    assertThat(Reference.evaluate(x.cast(DType.F16).mul(70000)).get(0)).isEqualTo(Double.POSITIVE_INFINITY);
  }

  @Test
  void letsGoOfWhatIsNotUsedAgain() {
    Tensor x = Tensor.scalar(DType.F64, 2);
    Tensor y = x.exp().log().add(x);
    Tensor z = y.neg();
    Map<Tensor, NDArray> values = new IdentityHashMap<>();

    new Evaluation(input -> NDArray.scalar(DType.F64, 0), Observer.NONE).run(Graph.of(List.of(y, z)), values);

    assertThat(values.keySet()).containsExactlyInAnyOrder(y, z);
  }

  @Test
  void infinitiesStayInfinite() {
    Tensor x = Tensor.constant(NDArray.of(Shape.of(2), Double.POSITIVE_INFINITY, 1));

    assertThat(Reference.evaluate(x.sum()).item()).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(Reference.evaluate(x.mul(-1).cumSum(0)).toDoubles()).containsOnly(Double.NEGATIVE_INFINITY);
  }

  @ParameterizedTest
  @CsvSource({
    "I32, ADD, 2147483647, 1, -2147483648",
    "I32, MUL, 65536, 65536, 0",
    "I32, DIV, -7, 2, -3",
    "I32, DIV, -2147483648, -1, -2147483648",
    "I32, DIV, 5, 0, -1",
    "I32, REM, -7, 2, -1",
    "I32, REM, 5, 0, 5",
    "I32, POW, 3, 5, 243",
    "I32, POW, -1, -3, -1",
    "I32, SHR, -1, 28, 15",
    "I32, SHL, 3, 31, -2147483648",
    "I32, XOR, 12, 10, 6",
    "I64, ADD, 9223372036854775807, 1, -9223372036854775808",
    "I64, LT, 9007199254740992, 9007199254740993, 1",
    "I64, SHR, -1, 60, 15",
    "I8, ADD, 127, 1, -128",
    "I8, SHR, -1, 4, 15",
    "U8, ADD, 255, 1, 0",
    "U8, SUB, 0, 1, 255",
    "U8, MAX, 200, 100, 200",
    "BOOL, AND, 1, 0, 0",
    "BOOL, OR, 1, 0, 1",
    "BOOL, XOR, 1, 1, 0",
  })
  void integersWrap(DType dtype, BinaryKind kind, long a, long b, long expected) {
    Tensor result = Tensor.apply(new Op.Binary(kind, integer(dtype, a), integer(dtype, b)));

    assertThat(Reference.evaluate(result).getLong(0)).isEqualTo(expected);
  }

  private static Tensor integer(DType dtype, long value) {
    NDArray array = NDArray.zeros(TensorType.of(dtype));
    array.setLong(0, value);
    return Tensor.constant(array);
  }

  @Test
  void aReductionOfNothingIsTheNeutralElement() {
    Tensor x = Tensor.constant(NDArray.zeros(TensorType.of(DType.I32, 2, 0)));

    assertThat(Reference.evaluate(x.sum(1)).toInts()).containsExactly(0, 0);
    assertThat(Reference.evaluate(x.reduce(Op.ReduceKind.PROD, 1)).toInts()).containsExactly(1, 1);
    assertThat(Reference.evaluate(x.max(1)).toInts()).containsOnly(Integer.MIN_VALUE);
    assertThat(Reference.evaluate(x.cast(DType.F32).reduce(Op.ReduceKind.MIN, 1)).toFloats())
        .containsOnly(Float.POSITIVE_INFINITY);
  }

  @Test
  void notANumberIsTheLargest() {
    Tensor x = Tensor.constant(NDArray.of(Shape.of(4), 2f, Float.NaN, 5f, Float.NaN));

    assertThat(Reference.evaluate(x.max()).item()).isNaN();
    assertThat(Reference.evaluate(x.argMax(0)).item()).isEqualTo(1);
    assertThat(positions(new Op.Sort(x, 0, false))).containsExactly(0, 2, 1, 3);
    assertThat(positions(new Op.Sort(x, 0, true))).containsExactly(1, 3, 2, 0);
    assertThat(positions(new Op.TopK(x, 3))).containsExactly(1, 3, 2);
  }

  @Test
  void sortsEqualElementsInTheirOrder() {
    Tensor x = Tensor.constant(NDArray.of(Shape.of(5), 1f, 0f, 1f, -0f, 1f));

    assertThat(positions(new Op.Sort(x, 0, false))).containsExactly(1, 3, 0, 2, 4);
    assertThat(positions(new Op.Sort(x, 0, true))).containsExactly(0, 2, 4, 1, 3);
  }

  private static int[] positions(Op op) {
    return Reference.evaluate(Node.of(op).output(1)).toInts();
  }

  @Test
  void indicesOutsideGiveZerosAndAreSkipped() {
    Tensor data = Tensor.constant(NDArray.of(Shape.of(2, 2), 1f, 2f, 3f, 4f));
    Tensor indices = Tensor.constant(NDArray.of(Shape.of(4), 1, -1, 2, 1));

    assertThat(Reference.evaluate(data.gather(indices)).toFloats()).containsExactly(3, 4, 0, 0, 0, 0, 3, 4);
    Tensor ones = Tensor.full(TensorType.of(DType.F32, 4, 2), 1);
    assertThat(Reference.evaluate(data.scatterAdd(indices, ones, 0)).toFloats()).containsExactly(1, 2, 5, 6);
  }

  @Test
  void clampsComputedStarts() {
    Tensor x = Tensor.iota(TensorType.of(DType.I32, 5), 0);
    Tensor late = Tensor.scalar(DType.I32, 9);
    Tensor early = Tensor.scalar(DType.I32, -9);

    assertThat(Reference.evaluate(x.dynamicSlice(List.of(late), Shape.of(2))).toInts()).containsExactly(3, 4);
    Tensor sevens = Tensor.full(TensorType.of(DType.I32, 2), 7);
    assertThat(Reference.evaluate(x.dynamicUpdate(sevens, List.of(early))).toInts())
        .containsExactly(7, 7, 2, 3, 4);
  }

  @Test
  void padsAroundAndBetween() {
    Tensor x = Tensor.constant(NDArray.of(Shape.of(3), 1f, 2f, 3f));
    Op pad = new Op.Pad(x, List.of(1), List.of(2), List.of(1), -5);

    assertThat(Reference.evaluate(Tensor.apply(pad)).toFloats()).containsExactly(-5, 1, -5, 2, -5, 3, -5, -5);
  }

  @Test
  void paddingNeverWinsInAPool() {
    Tensor x = Tensor.constant(NDArray.of(Shape.of(1, 1, 3), -1f, -2f, -3f));
    Node pool = Node.of(new Op.Pool(Op.PoolKind.MAX, x, List.of(2), Op.Window.of(1, 2, 1)));

    List<NDArray> results = Reference.evaluate(pool.outputs(), Map.of());

    assertThat(results.get(0).toFloats()).containsExactly(-1, -2);
    assertThat(results.get(1).toInts()).containsExactly(0, 1);
  }

  @Test
  void truthValues() {
    Tensor x = Tensor.constant(NDArray.of(Shape.of(4), 0f, Float.NaN, Float.POSITIVE_INFINITY, -3f));

    assertThat(Reference.evaluate(x.isFinite()).toInts()).containsExactly(1, 0, 0, 1);
    assertThat(Reference.evaluate(x.isFinite().not()).toInts()).containsExactly(0, 1, 1, 0);
    assertThat(Reference.evaluate(x.eq(x)).toInts()).containsExactly(1, 0, 1, 1);
    assertThat(Reference.evaluate(x.ne(x)).toInts()).containsExactly(0, 1, 0, 0);
    assertThat(Reference.evaluate(x.cast(DType.BOOL)).toInts()).containsExactly(0, 1, 1, 1);
  }
}
