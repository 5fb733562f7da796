package dev.ashlar.autodiff;

import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Functions;
import dev.ashlar.tensor.Node;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Op.BinaryKind;
import dev.ashlar.tensor.Op.ReduceKind;
import dev.ashlar.tensor.Op.UnaryKind;
import dev.ashlar.tensor.Op.Window;
import dev.ashlar.tensor.Scan;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Every operation as a function of its operands; operations.txt has operands and results under the same
 * names.
 */
final class OperationCases {

  private final Map<String, Function<List<Tensor>, Tensor>> functions = new LinkedHashMap<>();

  private OperationCases() {}

  static Map<String, Function<List<Tensor>, Tensor>> all() {
    var cases = new OperationCases();
    cases.elements();
    cases.axes();
    cases.movement();
    cases.rows();
    cases.contractions();
    cases.functions();
    cases.loops();
    return cases.functions;
  }

  private void elements() {
    for (UnaryKind kind : UnaryKind.values()) {
      if (kind != UnaryKind.NOT) {
        one(kind.name().toLowerCase(Locale.ROOT), x -> Tensor.apply(new Op.Unary(kind, x)));
      }
    }
    one("edge_round_halves", Tensor::round);
    one("edge_abs_zero", Tensor::abs);
    two("add", Tensor::add);
    two("sub", Tensor::sub);
    two("mul", Tensor::mul);
    two("div", Tensor::div);
    two("rem", Tensor::rem);
    two("pow", Tensor::pow);
    two("maximum", Tensor::maximum);
    two("minimum", Tensor::minimum);
    for (BinaryKind kind : BinaryKind.values()) {
      if (kind.isComparison()) {
        two(kind.name().toLowerCase(Locale.ROOT), (a, b) -> Tensor.apply(new Op.Binary(kind, a, b)));
      }
    }
    one("pow_2", x -> x.pow(2));
    one("pow_3", x -> x.pow(3));
    one("pow_half", x -> x.pow(-2.5));
    two("broadcast_add", Tensor::add);
    one("square_of_sum", x -> x.add(x).mul(x));
    two("edge_maximum_ties", Tensor::maximum);
    two("edge_minimum_ties", Tensor::minimum);
    two("edge_pow_zero", Tensor::pow);
    one("edge_pow_0", x -> x.pow(0));
    one("edge_pow_1", x -> x.pow(1));
    one("edge_reduce_infinite", x -> {
      Tensor largest = x.max(1).detach();
      return x.sub(largest).exp().sum(1).log().add(largest).squeeze(1);
    });
    put("where", in -> in.get(0).where(in.get(1), in.get(2)));
    one("cast_integer", x -> x.cast(DType.I32));
    one("detach", x -> x.mul(x.detach()));
  }

  private void axes() {
    one("sum_0", x -> x.sum(0));
    one("sum_0_2", x -> x.sum(0, 2));
    one("mean_all", Tensor::mean);
    one("max_1", x -> x.max(1));
    one("max_0_2", x -> x.max(0, 2));
    one("min_0", x -> x.reduce(ReduceKind.MIN, 0));
    one("edge_max_ties", x -> x.max(1));
    one("prod_1", x -> x.reduce(ReduceKind.PROD, 1));
    one("prod_0_1", x -> x.reduce(ReduceKind.PROD, 0, 1));
    one("prod_zero", x -> x.reduce(ReduceKind.PROD, 1));
    one("arg_max", x -> x.argMax(1));
    one("cum_sum", x -> x.cumSum(1));
    one("cum_sum_reverse", x -> Tensor.apply(new Op.CumSum(x, 0, true)));
    one("sort", x -> Tensor.apply(new Op.Sort(x, 1, false)));
    one("sort_descending", x -> Tensor.apply(new Op.Sort(x, 0, true)));
    one("sort_positions", x -> Node.of(new Op.Sort(x, 1, false)).output(1));
    one("top_k", x -> Tensor.apply(new Op.TopK(x, 3)));
    one("top_k_positions", x -> Node.of(new Op.TopK(x, 3)).output(1));
  }

  private void movement() {
    one("reshape", x -> x.reshape(3, 4));
    one("permute", x -> x.permute(2, 0, 1));
    one("broadcast", x -> x.broadcastTo(Shape.of(2, 3, 4)));
    one("slice", x -> Tensor.apply(new Op.Slice(x, List.of(1, 0), List.of(5, 3), List.of(2, 1))));
    one("slice_uneven", x -> Tensor.apply(new Op.Slice(x, List.of(0), List.of(6), List.of(4))));
    one("flip", x -> x.flip(0, 2));
    one("pad", x -> x.pad(new int[] {0, 1}, new int[] {1, 2}, -3));
    one("pad_interior", x -> Tensor.apply(new Op.Pad(x, List.of(1), List.of(2), List.of(2), 0.5)));
    put("concat", in -> Tensor.concat(in, 1));
    put("dynamic_slice", in -> in.get(0).dynamicSlice(in.subList(1, 3), Shape.of(2, 3)));
    put("dynamic_slice_clamped", in -> in.get(0).dynamicSlice(in.subList(1, 2), Shape.of(2)));
    put("dynamic_update", in -> in.get(0).dynamicUpdate(in.get(1), in.subList(2, 4)));
  }

  private void rows() {
    two("gather", Tensor::gather);
    two("gather_elements", Tensor::gather);
    two("gather_single", Tensor::gather);
    two("gather_batched", (x, i) -> x.gather(i, 1));
    two("gather_batched_2", (x, i) -> x.gather(i, 2));
    put("scatter_add", in -> in.get(0).scatterAdd(in.get(1), in.get(2), 0));
    put("scatter_add_batched", in -> in.get(0).scatterAdd(in.get(1), in.get(2), 1));
  }

  private void contractions() {
    two("matmul", Tensor::matmul);
    two("matmul_batched", Tensor::matmul);
    two("matmul_rows", Tensor::matmul);
    two("matmul_broadcast", Tensor::matmul);
    two("conv_1d", (x, k) -> x.conv(k, Window.of(1, 1, 0), 1));
    two("conv_2d_padded", (x, k) -> x.conv(k, Window.of(2, 1, 1), 1));
    two("conv_2d_strided", (x, k) -> x.conv(k, Window.of(2, 2, 1), 1));
    two("conv_2d_uneven", (x, k) -> x.conv(k, strided(2, 3), 1));
    two("conv_2d_dilated", (x, k) -> x.conv(k,
        new Window(List.of(1, 1), List.of(2, 2), List.of(2, 2), List.of(1, 1), List.of(2, 2)), 1));
    two("conv_2d_grouped", (x, k) -> x.conv(k, Window.of(2, 1, 1), 2));
    two("conv_2d_depthwise", (x, k) -> x.conv(k, Window.of(2, 2, 1), 3));
    two("conv_2d_asymmetric", (x, k) -> x.conv(k,
        new Window(List.of(1, 1), List.of(-1, 2), List.of(1, 0), List.of(1, 1), List.of(1, 1)), 1));
    two("conv_3d", (x, k) -> x.conv(k, strided(1, 2, 1), 1));
    // With padding 1 and one more element at the end; padding counts from the kernel's reach of 2.
    two("conv_2d_transposed", (x, k) -> x.conv(k.transpose(0, 1).flip(2, 3),
        new Window(List.of(1, 1), List.of(1, 1), List.of(2, 2), List.of(2, 2), List.of(1, 1)), 1));
    one("max_pool", x -> x.maxPool(List.of(2, 2), Window.of(2, 2, 0)));
    one("max_pool_overlapping", x -> x.maxPool(List.of(3, 3), Window.of(2, 2, 1)));
    one("max_pool_positions", x -> x.maxPool(List.of(3, 3), Window.of(2, 2, 1)).node().output(1));
    one("max_pool_1d_dilated", x -> x.maxPool(List.of(2),
        new Window(List.of(1), List.of(0), List.of(0), List.of(1), List.of(2))));
    one("sum_pool", x -> x.sumPool(List.of(2, 2), Window.of(2, 2, 0)));
    one("sum_pool_overlapping", x -> x.sumPool(List.of(3, 3), Window.of(2, 2, 1)));
  }

  private static Window strided(int... strides) {
    List<Integer> ones = IntStream.of(strides).mapToObj(s -> 1).toList();
    List<Integer> zeros = IntStream.of(strides).mapToObj(s -> 0).toList();
    return new Window(IntStream.of(strides).boxed().toList(), zeros, zeros, ones, ones);
  }

  private void functions() {
    one("relu", Functions::relu);
    one("gelu", Functions::gelu);
    one("gelu_tanh", Functions::geluTanh);
    one("softmax", x -> Functions.softmax(x, -1));
    one("softmax_0", x -> Functions.softmax(x, 0));
    one("log_softmax", x -> Functions.logSoftmax(x, 1));
    one("edge_log_softmax_large", x -> Functions.logSoftmax(x, 1));
    one("normalize", x -> named("normalize", List.of(x), in -> Functions.normalize(in.getFirst(), 1e-5)));
    two("cross_entropy", (x, i) ->
        Functions.logSoftmax(x, 1).gather(i.expandDims(1), 1).mean().neg());
    two("softmax_cross_entropy", Functions::softmaxCrossEntropy);
    put("layer_norm", in -> Functions.layerNorm(in.get(0), in.get(1), in.get(2), 1e-5));
    two("rms_norm", (x, scale) -> Functions.rmsNorm(x, scale, 1e-5));
    for (String name : List.of("causal_attention", "causal_attention_cached")) {
      put(name, in -> Functions.causalAttention(in.get(0), in.get(1), in.get(2), in.get(3)));
    }
    put("attention", in -> named("test:attention", in, q -> {
      Tensor scores = q.get(0).matmul(q.get(1).transpose()).div(Math.sqrt(q.get(0).dim(-1)));
      TensorType square = TensorType.of(DType.I32, 3, 3);
      Tensor future = Tensor.iota(square, 1).gt(Tensor.iota(square, 0));
      Tensor masked = future.where(Tensor.scalar(scores.dtype(), -1e9), scores);
      return Functions.softmax(masked, -1).matmul(q.get(2));
    }));
  }

  private void loops() {
    put("scan_rnn", in -> Scan.over(in.subList(1, 2), in.subList(0, 1), (state, entry) -> {
      Tensor h = entry.get(0).matmul(in.get(2)).add(state.get(0).matmul(in.get(3))).add(in.get(4)).tanh();
      return new Scan(List.of(h), List.of(h));
    }).outputs().getFirst());
    put("scan_lstm_reverse", in -> {
      Scan all = Scan.over(in.subList(1, 3), in.subList(0, 1), true, (state, entry) -> {
        Tensor gates = entry.get(0).matmul(in.get(3)).add(state.get(0).matmul(in.get(4)));
        List<Tensor> parts = gates.split(4, -1);
        Tensor c = parts.get(1).sigmoid().mul(state.get(1)).add(parts.get(0).sigmoid().mul(parts.get(2).tanh()));
        Tensor h = parts.get(3).sigmoid().mul(c.tanh());
        return new Scan(List.of(h, c), List.of(h));
      });
      return Tensor.concat(List.of(all.outputs().getFirst(), all.state().get(0).expandDims(0),
          all.state().get(1).expandDims(0)), 0);
    });
    put("scan_decay", in -> Scan.over(in.subList(1, 2), in.subList(0, 1), (state, entry) -> {
      Tensor w = in.get(2);
      Tensor next = state.getFirst().mul(w.square().neg().exp()).add(entry.getFirst().mul(w.slice(0, 1, 2)));
      return new Scan(List.of(next), entry);
    }).state().getFirst());
    put("scan_bilinear", in -> Scan.over(in.subList(1, 2), in.subList(0, 1), (state, entry) -> {
      Tensor s = state.getFirst();
      Tensor w = in.get(2);
      Tensor right = entry.getFirst().mul(s).matmul(w.slice(0, 0, 1).squeeze(0).transpose());
      return new Scan(List.of(w.matmul(s).add(right).sigmoid()), state);
    }).outputs().getFirst());
    put("scan_nested", in -> {
      Tensor w = in.get(2);
      Scan all = Scan.over(in.subList(1, 2), in.subList(0, 1), (state, rows) -> {
        Scan row = Scan.over(state, rows, (s, y) -> new Scan(
            List.of(s.getFirst().mul(w).add(y.getFirst()).sin()), List.of(s.getFirst().mul(y.getFirst()))));
        return new Scan(row.state(), List.of(row.outputs().getFirst().sum(0).squeeze(0)));
      });
      return Tensor.concat(List.of(all.outputs().getFirst(), all.state().getFirst().expandDims(0)), 0);
    });
    put("scan_chosen", in -> {
      Tensor zero = Tensor.zeros(TensorType.of(DType.I32));
      return Scan.over(List.of(in.get(1), zero), in.subList(0, 1), (state, entry) -> {
        Tensor keep = state.get(1).lt(in.get(2));
        Tensor s = keep.where(state.get(0).add(entry.getFirst()).tanh(), state.get(0));
        return new Scan(List.of(s, state.get(1).add(1)), List.of(keep.where(s, Tensor.zeros(s.type()))));
      }).outputs().getFirst();
    });
  }

  /** As a composite, so that passes meet those too. */
  private static Tensor named(String name, List<Tensor> operands, Function<List<Tensor>, Tensor> body) {
    return Functions.composite(name, Map.of(), operands, in -> List.of(body.apply(in))).getFirst();
  }

  private void one(String name, Function<Tensor, Tensor> function) {
    put(name, in -> function.apply(in.getFirst()));
  }

  private void two(String name, BiFunction<Tensor, Tensor, Tensor> function) {
    put(name, in -> function.apply(in.get(0), in.get(1)));
  }

  private void put(String name, Function<List<Tensor>, Tensor> function) {
    if (functions.put(name, function) != null) {
      throw new IllegalStateException("two cases named " + name);
    }
  }
}
