package dev.ashlar.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.program.Backend;
import dev.ashlar.program.Computation;
import dev.ashlar.tensor.CustomOp;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Key;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Node;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every operation against the reference, and the same bits without fusion and without machine code. */
class OperationsTest {

  private static Backend fast;
  private static Backend plain;

  @BeforeAll
  static void open() {
    fast = Cpu.defaults().open();
    plain = Cpu.defaults().withOptimize(false).withEmitter(Emission.INTERPRETER).open();
  }

  @AfterAll
  static void close() {
    fast.close();
    plain.close();
  }

  private static Tensor in(String name, DType dtype, int... dims) {
    return Tensor.input(name, TensorType.of(dtype, dims));
  }

  private static Tensor x(int... dims) {
    return in("x", DType.F32, dims);
  }

  private static Tensor n(int... dims) {
    return in("n", DType.I32, dims);
  }

  private static void check(Tensor result, double relative) {
    check(Map.of("value", result), relative);
  }

  private static void check(Map<String, Tensor> results, double relative) {
    Computation computation = Compare.of(results);
    check(computation, Compare.values(computation, 7), relative);
  }

  private static void check(Computation computation, Map<String, NDArray> values, double relative) {
    assertThat(fast.missing(computation)).isEmpty();
    Map<String, NDArray> found = Compare.run(fast, computation, values);
    Compare.assertClose(found, Compare.expected(computation, values), relative);
    Compare.assertSameBits(Compare.run(plain, computation, values), found);
  }

  // ---------------------------------------------------------------- element-wise

  private static final float[] SPECIAL = {0f, -0f, 1f, -1f, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY,
      Float.NaN,
      0.5f, -0.5f, 1.5f, 2.5f, -2.5f, 2f, -2f, 3f, -3f, 1e-30f, -1e-30f, 1e30f, -1e30f, 88f, -88f, 100f,
          -100f, 1e-4f,
      0.9999f, 1.0001f, 7f};

  /** Special values, then random ones of all sizes. */
  private static NDArray numbers(int count, long seed) {
    var random = new java.util.Random(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = i < SPECIAL.length ? SPECIAL[(int) ((i + seed * 5) % SPECIAL.length)]
          : (float) (random.nextGaussian() * Math.exp(3 * random.nextGaussian()));
    }
    return NDArray.of(Shape.of(count), values);
  }

  /** Errors in units of the last place: of the result, or of the smallest normal number if that is larger. */
  private static void assertUlps(NDArray found, NDArray expected, double units, String what) {
    for (long i = 0; i < found.size(); i++) {
      double a = found.get(i);
      double b = expected.get(i);
      boolean same = a == b || Double.isNaN(a) && Double.isNaN(b);
      if (!same) {
        double unit = Math.max(Math.ulp((float) b), Float.MIN_NORMAL);
        assertThat(Math.abs(a - b) / unit).as("%s at %d: found %s, expected %s", what, i, a, b)
            .isLessThanOrEqualTo(units);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Op.UnaryKind.class)
  void functionsOfOneNumber(Op.UnaryKind kind) {
    if (kind == Op.UnaryKind.NOT) {
      check(Map.of("ints", Tensor.apply(new Op.Unary(kind, n(37))),
          "truths", Tensor.apply(new Op.Unary(kind, in("t", DType.BOOL, 37)))), 0);
      return;
    }
    Tensor y = Tensor.apply(new Op.Unary(kind, x(1000)));
    Computation computation = Compare.of(y);
    Map<String, NDArray> values = Map.of("x", numbers(1000, 0));
    NDArray found = Compare.run(fast, computation, values).get("value");
    NDArray expected = Compare.expected(computation, values).get("value");
    boolean wave = kind == Op.UnaryKind.SIN || kind == Op.UnaryKind.COS;
    if (wave) {
      // Large arguments are refused with NaN; near its zeros a wave is exact beside 1.
      NDArray x = values.get("x");
      for (int i = 0; i < 1000; i++) {
        if (Math.abs(x.get(i)) < 32768) {
          assertThat(found.get(i)).isCloseTo(expected.get(i), org.assertj.core.data.Offset.offset(3e-7));
        }
      }
    } else {
      assertUlps(found, expected, 3, kind.name());
    }
    Compare.assertSameBits(Compare.run(plain, computation, values), Map.of("value", found));
  }

  @ParameterizedTest
  @EnumSource(Op.BinaryKind.class)
  void functionsOfTwoNumbers(Op.BinaryKind kind) {
    int size = SPECIAL.length * SPECIAL.length;
    boolean bits = switch (kind) {
      case AND, OR, XOR, SHL, SHR -> true;
      default -> false;
    };
    if (!bits) {
      float[] a = new float[size + 500];
      float[] b = new float[size + 500];
      var random = new java.util.Random(3);
      for (int i = 0; i < a.length; i++) {
        a[i] = i < size ? SPECIAL[i % SPECIAL.length] : (float) Math.exp(2 * random.nextGaussian());
        b[i] = i < size ? SPECIAL[i / SPECIAL.length] : (float) (3 * random.nextGaussian());
        if (kind == Op.BinaryKind.REM && Math.abs(a[i] / b[i]) > 1e12) {
          b[i] = 1;
          a[i] = 1;
        }
      }
      Tensor y = Tensor.apply(new Op.Binary(kind, x(a.length), in("y", DType.F32, a.length)));
      Computation computation = Compare.of(y);
      Map<String, NDArray> values =
          Map.of("x", NDArray.of(Shape.of(a.length), a), "y", NDArray.of(Shape.of(a.length), b));
      NDArray found = Compare.run(fast, computation, values).get("value");
      assertUlps(found, Compare.expected(computation, values).get("value"), kind == Op.BinaryKind.POW ? 8
          : 0.5, kind.name());
      Compare.assertSameBits(Compare.run(plain, computation, values), Map.of("value", found));
    }
    if (kind != Op.BinaryKind.POW) {
      integers(kind);
    }
  }

  private static void integers(Op.BinaryKind kind) {
    int[] special = {0, 1, -1, 2, 7, -7, 100, Integer.MAX_VALUE, Integer.MIN_VALUE, 65536, -65537, 1 << 30,
        16777217};
    int size = special.length * special.length;
    int[] a = new int[size + 300];
    int[] b = new int[size + 300];
    var random = new java.util.Random(5);
    boolean shift = kind == Op.BinaryKind.SHL || kind == Op.BinaryKind.SHR;
    for (int i = 0; i < a.length; i++) {
      a[i] = i < size ? special[i % special.length] : random.nextInt();
      b[i] = shift ? random.nextInt(32) : i < size ? special[i / special.length]
          : random.nextInt() >> random.nextInt(32);
    }
    Computation computation = Compare.of(Tensor.apply(new Op.Binary(kind, n(a.length),
        in("k", DType.I32, a.length))));
    check(computation,
        Map.of("n", NDArray.of(Shape.of(a.length), a), "k", NDArray.of(Shape.of(a.length), b)), 0);
  }

  @TestFactory
  Stream<DynamicTest> casts() {
    List<DType> types = List.of(DType.F32, DType.F16, DType.BF16, DType.I32, DType.I8, DType.U8, DType.BOOL,
        DType.I64);
    return types.stream().flatMap(from -> types.stream().filter(to -> to != from).map(to ->
        DynamicTest.dynamicTest(from + " to " + to, () -> check(in("x", from, 3, 21).cast(to), 0))));
  }

  @TestFactory
  Stream<DynamicTest> narrowArithmeticRoundsAfterEveryOperation() {
    return Stream.of(DType.F16, DType.BF16).map(type -> DynamicTest.dynamicTest(type.toString(), () -> {
      Tensor a = in("a", type, 5, 33);
      Tensor b = in("b", type, 5, 33);
      check(a.mul(b).add(a).div(b.mul(b).add(1)), 1e-2);
    }));
  }

  @Test
  void randomBitsAndPositionsAreExact() {
    Key key = Key.of(n(2));
    check(Map.of("bits", key.bits(Shape.of(3, 50)), "uniform", key.uniform(TensorType.of(DType.F32, 7, 11)),
        "iota", Tensor.iota(TensorType.of(DType.I32, 4, 5, 6), 1), "floats",
            Tensor.iota(TensorType.of(DType.F32, 40), 0)), 0);
    check(key.normal(TensorType.of(DType.F32, 1000)), 1e-6);
  }

  @Test
  void choicesAndComparisonsOfTruths() {
    Tensor t = in("t", DType.BOOL, 5, 7);
    Tensor u = in("u", DType.BOOL, 7);
    check(Map.of("f", t.where(x(5, 7), x(5, 7).mul(2)), "n", t.where(n(5, 7), n(5, 7).mul(n(5, 7))),
        "t", t.where(u, t.not()), "eq", t.eq(u), "lt", t.lt(u), "xor", t.xor(u)), 0);
  }

  // ---------------------------------------------------------------- reductions

  @TestFactory
  Stream<DynamicTest> reductions() {
    List<int[]> shapes = List.of(new int[] {5}, new int[] {3, 40}, new int[] {40, 3}, new int[] {4, 5, 6},
        new int[] {2, 3, 4, 5},
        new int[] {1, 7, 1}, new int[] {9000}, new int[] {3, 5000}, new int[] {700, 33}, new int[] {6, 4,
            130}, new int[] {0, 3});
    return shapes.stream().flatMap(dims -> Stream.of(Op.ReduceKind.values()).map(kind ->
        DynamicTest.dynamicTest(kind + " of " + Shape.of(dims), () -> {
          for (int set = 1; set < 1 << dims.length; set++) {
            int axes = set;
            int[] chosen = java.util.stream.IntStream.range(0, dims.length).filter(i -> (axes >> i & 1) == 1)
                .toArray();
            Tensor x = kind == Op.ReduceKind.PROD ? x(dims).mul(0.01).add(1) : x(dims);
            if (kind == Op.ReduceKind.SUM || kind == Op.ReduceKind.PROD) {
              check(x.reduce(kind, chosen), 2e-5);
            } else {
              check(Map.of("f", x.reduce(kind, chosen), "n", n(dims).reduce(kind, chosen)), 0);
            }
          }
        })));
  }

  @Test
  void positionsOfTheLargest() {
    NDArray values = NDArray.of(Shape.of(2, 20), new float[40]);
    values.set(7, 3);
    values.set(11, 3);
    values.set(25, Double.NaN);
    values.set(30, Double.POSITIVE_INFINITY);
    Tensor x = x(2, 20);
    check(Compare.of(Map.of("last", x.argMax(1), "first", x.argMax(0))), Map.of("x", values), 0);
    check(Map.of("middle", x(4, 35, 3).argMax(1), "ints", n(3, 50).argMax(1)), 0);
  }

  @Test
  void rowsWithTheirReductions() {
    Tensor x = x(6, 4, 45);
    Tensor shifted = x.sub(x.max(2));
    Tensor e = shifted.exp();
    Tensor mean = x.mean(2);
    Tensor centered = x.sub(mean);
    check(Map.of("softmax", e.div(e.sum(2)), "norm", centered.mul(centered.square().mean(2).add(1e-5)
        .rsqrt()),
        "mean", mean, "columns", centered.sum(0, 1), "all", centered.square().sum()), 2e-6);
  }

  @Test
  void channelsWithTheirReductions() {
    Tensor x = x(3, 5, 4, 6);
    Tensor mean = x.mean(0, 2, 3);
    Tensor centered = x.sub(mean);
    Tensor variance = centered.square().mean(0, 2, 3);
    check(centered.mul(variance.add(1e-5).rsqrt()), 2e-6);
  }

  @Test
  void runningSums() {
    for (int axis = 0; axis < 3; axis++) {
      Tensor x = x(3, 20, 5);
      check(Map.of("up", Tensor.apply(new Op.CumSum(x, axis, false)), "down",
          Tensor.apply(new Op.CumSum(x, axis, true)),
          "ints", Tensor.apply(new Op.CumSum(n(3, 20, 5), axis, false))), 1e-6);
    }
  }

  @Test
  void sorting() {
    Node up = Node.of(new Op.Sort(x(3, 20, 2), 1, false));
    Node down = Node.of(new Op.Sort(n(5, 30), 1, true));
    Node top = Node.of(new Op.TopK(in("y", DType.F32, 3, 4, 17), 5));
    check(Map.of("a", up.output(0), "b", up.output(1), "c", down.output(0), "d", down.output(1), "e",
        top.output(0),
        "f", top.output(1)), 0);
  }

  // ---------------------------------------------------------------- movement

  @Test
  void movement() {
    Tensor x = x(4, 6, 10);
    Tensor slice = Tensor.apply(new Op.Slice(x, List.of(1, 0, 2), List.of(4, 5, 9), List.of(1, 2, 3)));
    check(Map.of("permute", x.permute(2, 0, 1), "reshape", x.transpose(0, 1).reshape(8, 30), "slice", slice,
        "flip", x.flip(0, 2), "broadcast", x.slice(1, 2, 3).broadcastTo(Shape.of(3, 4, 6, 10)),
        "deep", slice.permute(1, 2, 0).flip(1).reshape(3, 9).transpose().mul(2),
        "mixed", x.flip(1).add(x.permute(0, 1, 2).slice(2, 3, 4))), 0);
  }

  @Test
  void paddingAndJoining() {
    Tensor x = x(3, 4);
    Tensor pad = Tensor.apply(new Op.Pad(x, List.of(1, 0), List.of(2, 3), List.of(1, 2), 1.5));
    Tensor t = in("t", DType.BOOL, 3, 4);
    check(Map.of("pad", pad, "view", x.transpose().pad(new int[] {1, 1}, new int[] {0, 0}, 0),
        "join", Tensor.concat(List.of(x, x.mul(2), in("y", DType.F32, 3, 1)), 1),
        "first", Tensor.concat(List.of(x.flip(0), x.slice(0, 1, 3)), 0), "truth",
            t.pad(new int[] {0, 2}, new int[] {1, 0}, 1),
        "split", x.slice(1, 0, 2).pad(new int[] {0, 0}, new int[] {0, 2}, 0)
            .add(x.slice(1, 2, 4).mul(3).pad(new int[] {0, 2}, new int[] {0, 0}, 0))), 0);
  }

  @Test
  void windowsWithComputedStarts() {
    Tensor i = Tensor.input("i", TensorType.of(DType.I32));
    Tensor zero = Tensor.scalar(DType.I32, 0);
    Tensor x = x(5, 6, 7);
    for (int start : new int[] {-3, 0, 2, 100}) {
      Computation computation = Compare.of(Map.of("rows", x.dynamicSlice(List.of(i, zero, zero),
          Shape.of(2, 6, 7)),
          "middle", x.dynamicSlice(List.of(zero, i, zero), Shape.of(5, 1, 7)),
          "corner", x.dynamicSlice(List.of(i, i, i), Shape.of(2, 3, 4)),
          "update", x.dynamicUpdate(in("u", DType.F32, 5, 2, 7), List.of(zero, i, zero)),
          "zeros", Tensor.zeros(x.type()).dynamicUpdate(in("u", DType.F32, 5, 2, 7),
              List.of(zero, i, zero))));
      Map<String, NDArray> values = new java.util.HashMap<>(Compare.values(computation, 1));
      values.put("i", NDArray.scalar(DType.I32, start));
      check(computation, values, 0);
    }
  }

  @Test
  void rowsByNumber() {
    Computation computation = Compare.of(Map.of("rows", x(9, 5).gather(n(2, 6)), "batched",
        in("y", DType.F32, 2, 9, 3).gather(n(2, 6), 1),
        "add", in("z", DType.F32, 9, 5).scatterAdd(n(2, 6), in("u", DType.F32, 2, 6, 5), 0),
        "zeros", Tensor.zeros(TensorType.of(DType.F32, 2, 9, 3))
            .scatterAdd(n(2, 6), in("v", DType.F32, 2, 6, 3), 1),
        "scalars", in("w", DType.F32, 40).gather(n(2, 6))));
    Map<String, NDArray> values = new java.util.HashMap<>(Compare.values(computation, 3));
    values.put("n", NDArray.of(Shape.of(2, 6), 0, 8, 3, 3, -1, 9, 7, 7, 7, 1, 100, 0));
    check(computation, values, 1e-6);
  }

  // ---------------------------------------------------------------- contractions

  @Test
  void products() {
    Tensor a = in("a", DType.F32, 13, 21);
    Tensor b = in("b", DType.F32, 21, 35);
    Tensor c = in("c", DType.F32, 2, 3, 5, 8);
    Tensor d = in("d", DType.F32, 2, 3, 8, 4);
    check(Map.of("plain", a.matmul(b), "nt", a.matmul(in("e", DType.F32, 35, 21).transpose()),
        "tn", in("f", DType.F32, 21, 13).transpose().matmul(b), "batch", c.matmul(d),
        "shared", c.matmul(in("g", DType.F32, 8, 9)), "permuted", c.permute(1, 0, 2, 3)
            .matmul(d.permute(1, 0, 2, 3)),
        "stretched", c.matmul(in("h", DType.F32, 1, 8, 9)), "ints", in("k", DType.I32, 4, 6)
            .matmul(in("l", DType.I32, 6, 7))), 1e-6);
  }

  @TestFactory
  Stream<DynamicTest> convolutions() {
    record Case(String name, int[] x, int[] k, Op.Window window, int groups) {}
    return Stream.of(
        new Case("same", new int[] {2, 3, 9, 18}, new int[] {4, 3, 3, 3}, Op.Window.of(2, 1, 1), 1),
        new Case("strided", new int[] {2, 4, 9, 20}, new int[] {6, 2, 3, 2}, Op.Window.of(2, 2, 1), 2),
        new Case("line", new int[] {2, 3, 40}, new int[] {5, 3, 4}, Op.Window.of(1, 1, 0), 1),
        new Case("space", new int[] {1, 2, 4, 5, 6}, new int[] {2, 2, 2, 2, 2}, Op.Window.of(3, 1, 1), 1),
        new Case("dilated", new int[] {1, 2, 8, 9}, new int[] {3, 2, 3, 3},
            new Op.Window(List.of(1, 2), List.of(2, -1), List.of(0, 3), List.of(2, 3), List.of(2, 1)), 1))
        .map(c -> DynamicTest.dynamicTest(c.name,
            () -> check(x(c.x).conv(in("k", DType.F32, c.k), c.window, c.groups), 1e-6)));
  }

  @Test
  void pools() {
    Op.Window window = new Op.Window(List.of(2, 1), List.of(1, 0), List.of(1, 2), List.of(1, 1),
        List.of(1, 2));
    Node max = Node.of(new Op.Pool(Op.PoolKind.MAX, x(2, 3, 7, 20), List.of(3, 2), window));
    Node ints = Node.of(new Op.Pool(Op.PoolKind.MAX, n(2, 3, 7, 20), List.of(2, 2), Op.Window.of(2, 2, 0)));
    check(Map.of("values", max.output(0), "positions", max.output(1), "ints", ints.output(0), "places",
        ints.output(1),
        "sum", x(2, 3, 7, 20).sumPool(List.of(3, 2), window)), 1e-6);
  }

  @Test
  void strangersOperationsRunTheirOwnCode() {
    record Doubled() implements CustomOp {
      @Override public String name() { return "test:doubled"; }
      @Override public List<TensorType> outputTypes(List<TensorType> operands) { return operands; }
      @Override public void evaluate(List<NDArray> operands, List<NDArray> outputs) {
        for (long i = 0; i < outputs.getFirst().size(); i++) {
          outputs.getFirst().set(i, 2 * operands.getFirst().get(i));
        }
      }
    }
    check(Tensor.apply(new Op.Custom(new Doubled(), List.of(x(3, 4).transpose()))).add(1), 1e-6);
  }

  @Test
  void whatIsLackingIsNamed() {
    Computation computation = Compare.of(in("x", DType.F64, 3).exp());
    assertThat(fast.missing(computation)).containsExactly(
        "input is f64[3], and there are no kernels in f64; the reference backend has them",
        "exp is f64[3], and there are no kernels in f64; the reference backend has them");
  }

}
