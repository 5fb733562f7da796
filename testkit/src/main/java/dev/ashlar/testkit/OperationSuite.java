package dev.ashlar.testkit;

import dev.ashlar.autodiff.Gradients;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Functions;
import dev.ashlar.tensor.Key;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Node;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Op.BinaryKind;
import dev.ashlar.tensor.Op.ReduceKind;
import dev.ashlar.tensor.Op.UnaryKind;
import dev.ashlar.tensor.Op.Window;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Every operation, on extents that are and are not multiples of a vector, with the values that go wrong. */
final class OperationSuite {

  private static final List<DType> FLOATING = List.of(DType.F32, DType.F64, DType.F16, DType.BF16);
  private static final double[] SPECIAL = {
      0, -0.0, 1, -1, 0.5, -0.5, 1.5, 2.5, 1e-6, -1e-6, 3.7, -3.7, 20, -20, 88, -88, 1e4, -1e4, 1e-40,
      Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN};

  private final List<BackendCase> cases = new ArrayList<>();

  private OperationSuite() {}

  static List<BackendCase> all() {
    OperationSuite suite = new OperationSuite();
    suite.leaves();
    suite.elements();
    suite.casts();
    suite.reductions();
    suite.order();
    suite.movement();
    suite.rows();
    suite.products();
    suite.windows();
    suite.functions();
    suite.fusions();
    suite.gradients();
    LoopSuite.add(suite.cases);
    return suite.cases;
  }

  // ---------------------------------------------------------------- values

  private static NDArray f32(int... dims) {
    return Values.normal(TensorType.of(DType.F32, dims), dims.length * 31L + Arrays.hashCode(dims));
  }

  private static NDArray i32(int below, int... dims) {
    return Values.integers(TensorType.of(DType.I32, dims), below, 7);
  }

  private static NDArray indices(int... values) {
    return NDArray.of(Shape.of(values.length), values);
  }

  private static NDArray of(DType dtype, double... values) {
    return NDArray.of(Shape.of(values.length), values).cast(dtype);
  }

  private void one(String name, UnaryOperator<Tensor> function, NDArray operand) {
    cases.add(BackendCase.of(name, in -> function.apply(in.getFirst()), operand));
  }

  private void put(String name, Function<List<Tensor>, Tensor> function, NDArray... operands) {
    cases.add(BackendCase.of(name, function, operands));
  }

  private static String low(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  // ---------------------------------------------------------------- cases

  private void leaves() {
    put("leaf/literal", in -> Tensor.full(TensorType.of(DType.F32, 3, 5), 2.5));
    put("leaf/scalar/f64", in -> Tensor.scalar(DType.F64, Math.PI));
    put("leaf/constant", in -> Tensor.constant(f32(3, 7)));
    put("leaf/iota", in -> Tensor.iota(TensorType.of(DType.I32, 3, 5), 1));
    put("leaf/iota_floating", in -> Tensor.iota(TensorType.of(DType.F32, 17, 2), 0));
    put("leaf/bits", in -> Key.of(42).bits(Shape.of(3, 37)));
    put("leaf/uniform", in -> Key.of(-1).child("a").uniform(TensorType.of(DType.F32, 100)));
    put("leaf/normal", in -> Key.of(7).normal(TensorType.of(DType.F32, 5, 21)));
    put("leaf/key_of_argument",
        in -> Key.of(in.getFirst()).fold(Tensor.scalar(DType.I32, 3)).bits(Shape.of(9)),
        indices(5, -6));
    one("leaf/the_argument_itself", x -> x, f32(2, 3));
  }

  private void elements() {
    for (DType dtype : FLOATING) {
      for (UnaryKind kind : UnaryKind.values()) {
        if (kind != UnaryKind.NOT) {
          NDArray special = (kind == UnaryKind.SIN || kind == UnaryKind.COS)
              ? of(dtype, 0, -0.0, 1, -3, 7, 1e-6, -50)
              : of(dtype, SPECIAL);
          one("unary/" + low(kind) + "/" + dtype, x -> Tensor.apply(new Op.Unary(kind, x)), special);
        }
      }
      for (BinaryKind kind : BinaryKind.values()) {
        boolean bits = switch (kind) {
          case AND, OR, XOR, SHL, SHR -> true;
          default -> false;
        };
        if (!bits) {
          double[] b = {3, 0, -1, 2, 1, -0.5, 1.5, -2.5, 1, 1e-6, 0.3, 2, -20, 0.5, 2, 1, 1, -1e4, 1, 1, 2,
              1};
          put("binary/" + low(kind) + "/" + dtype,
              in -> Tensor.apply(new Op.Binary(kind, in.get(0), in.get(1))),
              of(dtype, SPECIAL), of(dtype, b));
        }
      }
    }
    NDArray a = indices(7, -7, 0, 5, Integer.MAX_VALUE, -1, 12, 1, 6);
    NDArray b = indices(2, 2, 3, -5, 1, 31, 4, 31, 6);
    for (BinaryKind kind : BinaryKind.values()) {
      boolean shift = kind == BinaryKind.SHL || kind == BinaryKind.SHR;
      if (kind != BinaryKind.POW) {
        NDArray by = shift ? indices(2, 2, 3, 0, 1, 31, 4, 31, 6) : b;
        put("binary/" + low(kind) + "/i32", in -> Tensor.apply(new Op.Binary(kind, in.get(0), in.get(1))), a,
            by);
      }
    }
    for (UnaryKind kind : List.of(UnaryKind.NEG, UnaryKind.ABS, UnaryKind.SIGN, UnaryKind.NOT)) {
      one("unary/" + low(kind) + "/i32", x -> Tensor.apply(new Op.Unary(kind, x)), a);
    }
    put("binary/logic", in -> in.get(0).gt(0).and(in.get(1).gt(0).not()).or(in.get(0).eq(in.get(1))), a, b);
    put("where/broadcast", in -> in.get(0).gt(0).where(in.get(1), Tensor.scalar(DType.F32, -1)), f32(17, 1),
        f32(17, 5));
    put("broadcast/rows", in -> in.get(0).add(in.get(1)), f32(5, 33), f32(33));
    put("broadcast/columns", in -> in.get(0).mul(in.get(1)), f32(5, 33), f32(5, 1));
    put("broadcast/outer", in -> in.get(0).sub(in.get(1)), f32(17, 1), f32(1, 19));
    put("broadcast/middle", in -> in.get(0).mul(in.get(1)), f32(3, 4, 5), f32(3, 1, 5));
    put("broadcast/scalar", in -> in.get(0).div(in.get(1)), f32(3, 40), f32());
    one("empty/elements", x -> x.exp().add(1), f32(0, 4));
    one("empty/sum", x -> x.sum(0), f32(0, 4));
  }

  private void casts() {
    double[] values = {0, 1, -1, 2.5, -2.5, 100.9, 127, 3, 0.4, 65504, -300};
    for (DType from : DType.values()) {
      for (DType to : DType.values()) {
        // Out of range from floating to integer says nothing that a backend must follow.
        double[] safe = from.isFloating() && !to.isFloating()
            ? new double[] {0, 1, 2.5, 100.9, 127, 3, 0.4} : values;
        one("cast/" + from + "_" + to, x -> x.cast(to), of(from, safe));
      }
    }
  }

  private void reductions() {
    for (ReduceKind kind : ReduceKind.values()) {
      for (int n : new int[] {1, 3, 16, 17, 100, 1025}) {
        one("reduce/" + low(kind) + "/last_" + n, x -> x.reduce(kind, 1), f32(3, n));
        one("reduce/" + low(kind) + "/first_" + n, x -> x.reduce(kind, 0), f32(n, 5));
      }
      one("reduce/" + low(kind) + "/all", x -> x.reduce(kind, 0, 1, 2), f32(3, 5, 7));
      one("reduce/" + low(kind) + "/middle", x -> x.reduce(kind, 1), f32(3, 18, 7));
      one("reduce/" + low(kind) + "/outer", x -> x.reduce(kind, 0, 2), f32(6, 5, 19));
      one("reduce/" + low(kind) + "/i32", x -> x.reduce(kind, 0), i32(9, 7, 3));
      one("reduce/" + low(kind) + "/f64", x -> x.reduce(kind, 1), f32(4, 33).cast(DType.F64));
    }
    one("reduce/max/nan", x -> x.max(0), of(DType.F32, 1, Double.NaN, 3));
    one("cum_sum/last", x -> x.cumSum(1), f32(3, 37));
    one("cum_sum/first_reverse", x -> Tensor.apply(new Op.CumSum(x, 0, true)), f32(19, 5));
  }

  private void order() {
    one("arg_max/last", x -> x.argMax(1), f32(5, 33));
    one("arg_max/first", x -> x.argMax(0), f32(17, 3));
    one("arg_max/ties", x -> x.argMax(1), i32(3, 6, 20).cast(DType.F32));
    one("arg_max/i32", x -> x.argMax(1), i32(50, 4, 9));
    for (boolean descending : new boolean[] {false, true}) {
      for (int output = 0; output < 2; output++) {
        int o = output;
        one("sort/" + (descending ? "descending" : "ascending") + "_" + o,
            x -> Node.of(new Op.Sort(x, 1, descending)).output(o), i32(9, 4, 21).cast(DType.F32));
      }
    }
    one("sort/first_axis", x -> Tensor.apply(new Op.Sort(x, 0, false)), f32(19, 3));
    one("top_k/values", x -> Tensor.apply(new Op.TopK(x, 5)), f32(3, 40));
    one("top_k/positions", x -> Node.of(new Op.TopK(x, 5)).output(1), f32(3, 40));
  }

  private void movement() {
    one("reshape", x -> x.reshape(7, -1), f32(3, 14));
    one("permute/transpose", Tensor::transpose, f32(17, 33));
    one("permute/three", x -> x.permute(2, 0, 1), f32(3, 5, 18));
    one("permute/four", x -> x.permute(0, 2, 1, 3), f32(2, 3, 5, 17));
    one("broadcast/new_axes", x -> x.broadcastTo(Shape.of(4, 3, 17)), f32(3, 1));
    one("slice/strided", x -> Tensor.apply(new Op.Slice(x, List.of(1, 3), List.of(6, 30), List.of(2, 4))),
        f32(7, 33));
    one("slice/empty", x -> x.slice(0, 2, 2), f32(5, 3));
    one("flip", x -> x.flip(0, 2), f32(3, 4, 19));
    one("pad", x -> x.pad(new int[] {1, 0}, new int[] {2, 5}, -1.5), f32(3, 17));
    one("pad/interior", x -> Tensor.apply(new Op.Pad(x, List.of(0, 2), List.of(1, 0), List.of(1, 2), 0)),
        f32(3, 9));
    put("concat/last", in -> Tensor.concat(in, 1), f32(3, 5), f32(3, 17), f32(3, 1));
    put("concat/first", in -> Tensor.concat(in, 0), f32(2, 9), f32(5, 9));
    put("dynamic_slice", in -> in.get(0).dynamicSlice(List.of(in.get(1), in.get(2)), Shape.of(2, 9)),
        f32(7, 33),
        NDArray.scalar(DType.I32, 3), NDArray.scalar(DType.I32, 11));
    put("dynamic_slice/clamped", in -> in.get(0).dynamicSlice(List.of(in.get(1), in.get(2)), Shape.of(2, 9)),
        f32(7, 33),
        NDArray.scalar(DType.I32, 100), NDArray.scalar(DType.I32, -5));
    put("dynamic_update", in -> in.get(0).dynamicUpdate(in.get(1), List.of(in.get(2), in.get(3))), f32(7, 33),
        f32(2, 9),
        NDArray.scalar(DType.I32, 4), NDArray.scalar(DType.I32, 24));
    put("dynamic_update/clamped", in -> in.get(0).dynamicUpdate(in.get(1), List.of(in.get(2), in.get(3))),
        f32(7, 33),
        f32(2, 9), NDArray.scalar(DType.I32, -4), NDArray.scalar(DType.I32, 30));
  }

  private void rows() {
    NDArray some = NDArray.of(Shape.of(2, 3), 0, 6, 2, 2, -1, 9);
    put("gather/rows", in -> in.get(0).gather(in.get(1)), f32(7, 17), some);
    put("gather/elements", in -> in.get(0).gather(in.get(1)), f32(7), some);
    put("gather/batched", in -> in.get(0).gather(in.get(1), 1), f32(4, 10), indices(0, 9, 10, 3));
    put("gather/batched_rows", in -> in.get(0).gather(in.get(1), 1), f32(2, 7, 5), some);
    put("scatter_add/rows", in -> in.get(0).scatterAdd(in.get(1), in.get(2), 0), f32(7, 17), some,
        f32(2, 3, 17));
    put("scatter_add/batched", in -> in.get(0).scatterAdd(in.get(1), in.get(2), 1), f32(2, 7, 5), some,
        f32(2, 3, 5));
  }

  private void products() {
    int[][] sizes = {{1, 1, 1}, {1, 17, 5}, {3, 5, 7}, {8, 48, 16}, {16, 16, 16}, {17, 33, 65}, {65, 1, 31},
        {1, 100, 1}, {130, 70, 50}};
    for (int[] s : sizes) {
      String size = s[0] + "x" + s[1] + "x" + s[2];
      put("matmul/" + size, in -> in.get(0).matmul(in.get(1)), f32(s[0], s[1]), f32(s[1], s[2]));
      put("matmul/transposed_left/" + size, in -> in.get(0).transpose().matmul(in.get(1)), f32(s[1], s[0]),
          f32(s[1], s[2]));
      put("matmul/transposed_right/" + size, in -> in.get(0).matmul(in.get(1).transpose()), f32(s[0], s[1]),
          f32(s[2], s[1]));
    }
    put("matmul/batched", in -> in.get(0).matmul(in.get(1)), f32(3, 2, 5, 9), f32(3, 2, 9, 17));
    put("matmul/batched_broadcast", in -> in.get(0).matmul(in.get(1)), f32(3, 1, 5, 9), f32(2, 9, 17));
    put("matmul/rows", in -> in.get(0).matmul(in.get(1)), f32(3, 5, 9), f32(9, 17));
    put("matmul/empty", in -> in.get(0).matmul(in.get(1)), f32(3, 0), f32(0, 5));
    for (DType dtype : List.of(DType.F64, DType.F16, DType.BF16)) {
      put("matmul/" + dtype, in -> in.get(0).matmul(in.get(1)), f32(5, 19).cast(dtype),
          f32(19, 18).cast(dtype));
    }
    put("matmul/epilogue", in -> Functions.relu(in.get(0).matmul(in.get(1)).add(in.get(2))), f32(19, 33),
        f32(33, 20), f32(20));
    put("matmul/prologue", in -> in.get(0).sub(1).mul(2).matmul(in.get(1).tanh()), f32(19, 33), f32(33, 20));
  }

  private void windows() {
    put("conv/1d", in -> in.get(0).conv(in.get(1), Window.of(1, 1, 1), 1), f32(2, 3, 19), f32(4, 3, 3));
    put("conv/2d", in -> in.get(0).conv(in.get(1), Window.of(2, 1, 1), 1), f32(2, 3, 9, 18), f32(5, 3, 3, 3));
    put("conv/2d_pointwise", in -> in.get(0).conv(in.get(1), Window.of(2, 1, 0), 1), f32(2, 6, 5, 7),
        f32(17, 6, 1, 1));
    put("conv/2d_strided", in -> in.get(0).conv(in.get(1), Window.of(2, 2, 1), 1), f32(2, 3, 9, 11),
        f32(4, 3, 3, 3));
    put("conv/2d_grouped", in -> in.get(0).conv(in.get(1), Window.of(2, 1, 1), 2), f32(2, 4, 7, 7),
        f32(6, 2, 3, 3));
    put("conv/2d_depthwise", in -> in.get(0).conv(in.get(1), Window.of(2, 1, 2), 5), f32(1, 5, 8, 8),
        f32(5, 1, 5, 5));
    put("conv/2d_general", in -> in.get(0).conv(in.get(1), new Window(
        List.of(1, 2), List.of(2, -1), List.of(1, 3), List.of(2, 1), List.of(1, 2)), 1), f32(2, 2, 6, 9),
            f32(3, 2, 2, 3));
    put("conv/3d", in -> in.get(0).conv(in.get(1), Window.of(3, 1, 0), 1), f32(1, 2, 4, 5, 6),
        f32(3, 2, 2, 2, 2));
    one("pool/max", x -> x.maxPool(List.of(2, 2), Window.of(2, 2, 0)), f32(2, 3, 8, 18));
    one("pool/max_overlapping", x -> x.maxPool(List.of(3, 3), Window.of(2, 2, 1)), f32(2, 3, 9, 7));
    one("pool/max_positions", x -> x.maxPool(List.of(3, 3), Window.of(2, 2, 1)).node().output(1),
        f32(2, 3, 9, 7));
    one("pool/sum", x -> x.sumPool(List.of(2, 3), Window.of(2, 1, 1)), f32(2, 3, 8, 9));
  }

  private void functions() {
    one("function/gelu", Functions::gelu, f32(3, 37));
    one("function/gelu_tanh", Functions::geluTanh, f32(3, 37));
    for (int n : new int[] {1, 10, 16, 65, 1000}) {
      one("function/softmax_" + n, x -> Functions.softmax(x.mul(5), -1), f32(5, n));
      one("function/log_softmax_" + n, x -> Functions.logSoftmax(x.mul(5), -1), f32(5, n));
    }
    one("function/softmax_first", x -> Functions.softmax(x, 0), f32(9, 17));
    one("function/softmax_large", x -> Functions.softmax(x.mul(1000), -1), f32(5, 17));
    put("function/layer_norm", in -> Functions.layerNorm(in.get(0), in.get(1), in.get(2), 1e-5),
        f32(3, 5, 33), f32(33), f32(33));
    put("function/rms_norm", in -> Functions.rmsNorm(in.get(0), in.get(1), 1e-6), f32(3, 5, 33), f32(33));
    put("function/softmax_cross_entropy", in -> Functions.softmaxCrossEntropy(in.get(0), in.get(1)),
        f32(9, 10),
        indices(0, 9, 3, 3, 5, 1, -1, 10, 2));
    put("function/causal_attention",
        in -> Functions.causalAttention(in.get(0), in.get(1), in.get(2), in.get(3)),
        f32(2, 3, 18, 8), f32(2, 3, 18, 8), f32(2, 3, 18, 9), NDArray.scalar(DType.I32, 0));
    put("function/causal_attention_cached",
        in -> Functions.causalAttention(in.get(0), in.get(1), in.get(2), in.get(3)),
        f32(2, 3, 1, 16), f32(2, 3, 40, 16), f32(2, 3, 40, 16), NDArray.scalar(DType.I32, 21));
    one("function/unknown_composite", x -> Functions.composite("acme:swish", Map.of("beta", 2), List.of(x),
        in -> List.of(in.getFirst().mul(in.getFirst().mul(2).sigmoid()))).getFirst(), f32(3, 19));
    one("function/captured_settings", x -> scaled(x, 2).sub(scaled(x, 10)), f32(3, 19));
  }

  /** What tells it from others of its name is known to the body alone. */
  private static Tensor scaled(Tensor x, double factor) {
    return Functions.composite("acme:scaled", Map.of(), List.of(x), in -> List.of(in.getFirst().mul(factor)))
        .getFirst();
  }

  private void fusions() {
    one("fusion/chain", x -> x.mul(2).add(1).tanh().square().sub(x).sigmoid(), f32(5, 33));
    one("fusion/diamond", x -> x.exp().mul(x.neg().exp().add(x.exp())), f32(7, 9));
    one("fusion/movement", x -> x.transpose().reshape(3, -1).slice(1, 2, 40).flip(1).add(1), f32(17, 9));
    one("fusion/reduce_then_broadcast", x -> x.sub(x.mean(1)).div(x.square().sum(1).sqrt()).sum(0),
        f32(17, 33));
    one("fusion/shared_by_two_reductions", x -> x.exp().sum(0).mul(x.exp().sum(1)), f32(17, 9));
    one("fusion/long_chain", x -> {
      Tensor y = x;
      for (int i = 0; i < 60; i++) {
        y = y.mul(0.9).add(x).tanh();
      }
      return y;
    }, f32(3, 35));
    one("fusion/many_leaves", x -> {
      Tensor sum = x.slice(0, 0, 1);
      for (int i = 1; i < 40; i++) {
        sum = sum.add(x.slice(0, i, i + 1).mul(i));
      }
      return sum;
    }, f32(40, 17));
    cases.add(BackendCase.ofMany("fusion/several_results", in -> Tensors.of(
        "sum", in.get(0).add(in.get(1)), "total", in.get(0).add(in.get(1)).sum(), "same", in.get(0)),
            f32(5, 17), f32(5, 17)));
  }

  private void gradients() {
    gradient("gradient/dense",
        in -> Functions.relu(in.get(0).matmul(in.get(1)).add(in.get(2))).matmul(in.get(3)),
        f32(9, 17), f32(17, 20), f32(20), f32(20, 3));
    gradient("gradient/conv_and_pool", in -> in.get(0).conv(in.get(1), Window.of(2, 1, 1), 1)
        .maxPool(List.of(2, 2), Window.of(2, 2, 0)), f32(2, 3, 8, 8), f32(5, 3, 3, 3));
    gradient("gradient/conv_strided", in -> in.get(0).conv(in.get(1), Window.of(2, 2, 1), 1), f32(2, 3, 9, 8),
        f32(4, 3, 3, 3));
    gradient("gradient/layer_norm", in -> Functions.layerNorm(in.get(0), in.get(1), in.get(2), 1e-5),
        f32(9, 33), f32(33), f32(33));
    gradient("gradient/attention", in -> Functions.causalAttention(in.get(0), in.get(1), in.get(2),
        Tensor.zeros(TensorType.of(DType.I32))), f32(2, 2, 9, 4), f32(2, 2, 9, 4), f32(2, 2, 9, 4));
    gradient("gradient/gelu", in -> Functions.gelu(in.get(0)), f32(3, 33));
    NDArray targets = indices(0, 9, 3, 3, 5);
    gradient("gradient/cross_entropy",
        in -> Functions.softmaxCrossEntropy(in.get(0), Tensor.constant(targets)), f32(5, 10));
    NDArray tokens = NDArray.of(Shape.of(2, 3), 0, 6, 2, 2, 2, 5);
    gradient("gradient/embedding", in -> in.get(0).gather(Tensor.constant(tokens)), f32(7, 17));
  }

  /** Gradients of all operands of a function, in one program. */
  private void gradient(String name, Function<List<Tensor>, Tensor> function, NDArray... operands) {
    cases.add(BackendCase.ofMany(name, in -> {
      List<Tensor> gradients = Gradients.of(Values.project(function.apply(in), 5), in);
      Tensors named = Tensors.empty();
      for (Tensor gradient : gradients) {
        named = named.with("gradient" + named.size(), gradient);
      }
      return named;
    }, operands));
  }
}
