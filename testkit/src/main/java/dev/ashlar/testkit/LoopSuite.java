package dev.ashlar.testkit;

import dev.ashlar.autodiff.Gradients;
import dev.ashlar.autodiff.Vmap;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Scan;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import java.util.List;
import java.util.function.Function;

/** Loops over sequences, with state that is kept and that is not, forward and backward, one within another. */
final class LoopSuite {

  private LoopSuite() {}

  static void add(List<BackendCase> cases) {
    for (boolean reverse : new boolean[] {false, true}) {
      Function<List<Tensor>, Scan> lstm = in -> lstm(in, reverse);
      String name = reverse ? "loop/lstm_reverse" : "loop/lstm";
      NDArray[] operands = {f32(7, 5, 4), f32(5, 6), f32(5, 6), f32(4, 24), f32(6, 24), f32(24)};
      cases.add(BackendCase.ofMany(name, in -> named(lstm.apply(in)), operands));
      cases.add(BackendCase.ofMany(name + "/gradient", in -> gradients(lstm, in), operands));
    }
    // Weights of usual size: large ones make much of what was rounded.
    cases.add(BackendCase.ofMany("loop/lstm_wide/gradient", in -> gradients(all -> lstm(List.of(all.get(0), all.get(1),
        all.get(2), all.get(3).mul(0.1), all.get(4).mul(0.1), all.get(5)), false), in),
        f32(5, 32, 48), f32(32, 64), f32(32, 64), f32(48, 256), f32(64, 256), f32(256)));
    cases.add(BackendCase.ofMany("loop/one_step/gradient", in -> gradients(all -> lstm(all, false), in),
        f32(1, 2, 3), f32(2, 4), f32(2, 4), f32(3, 16), f32(4, 16), f32(16)));
    cases.add(BackendCase.ofMany("loop/running_sum", in -> named(Scan.over(in.subList(1, 2), in.subList(0, 1),
        (state, entry) -> new Scan(List.of(state.getFirst().add(entry.getFirst())), state))),
        f32(9, 3, 17), f32(3, 17)));
    cases.add(BackendCase.ofMany("loop/last_state_alone", in -> Tensors.of("last",
        Scan.over(in.subList(1, 2), in.subList(0, 1), (state, entry) -> new Scan(
            List.of(state.getFirst().mul(0.5).add(entry.getFirst())), List.of(state.getFirst().exp())))
            .state().getFirst()), f32(6, 33), f32(33)));
    cases.add(BackendCase.ofMany("loop/shifted", LoopSuite::shifted, f32(5, 4), f32(4), f32(4)));
    cases.add(BackendCase.ofMany("loop/sorted", LoopSuite::sorted, f32(5, 4, 9), f32(4, 9)));
    cases.add(BackendCase.ofMany("loop/nested", in -> named(nested(in)), f32(3, 4, 5, 6), f32(5, 6), f32(6, 6)));
    cases.add(BackendCase.ofMany("loop/nested/gradient", in -> gradients(LoopSuite::nested, in),
        f32(3, 4, 5, 6), f32(5, 6), f32(6, 6)));
    cases.add(BackendCase.ofMany("loop/batched", in -> Tensors.of("all", Vmap.apply(
        x -> List.of(lstm(x, false).outputs().getFirst()), in, List.of(true, false, true, false, true, false))
        .getFirst()), f32(3, 4, 2, 3), f32(2, 4), f32(3, 2, 4), f32(3, 16), f32(3, 4, 16), f32(16)));
    cases.add(BackendCase.ofMany("loop/second_gradient", in -> {
      Tensor slope = gradients(all -> lstm(all, false), in).values().stream().map(Tensor::square).map(Tensor::sum)
          .reduce(Tensor::add).orElseThrow();
      return numbered(Gradients.of(slope, in));
    }, f32(3, 2, 3), f32(2, 4), f32(2, 4), f32(3, 16), f32(4, 16), f32(16)));
  }

  /** x [T, B, I], h and c [B, U], weights [I, 4 U] and [U, 4 U], bias [4 U]. */
  private static Scan lstm(List<Tensor> in, boolean reverse) {
    Tensor x = in.get(0).matmul(in.get(3)).add(in.get(5));
    return Scan.over(in.subList(1, 3), List.of(x), reverse, (state, entry) -> {
      List<Tensor> gates = entry.getFirst().add(state.get(0).matmul(in.get(4))).split(4, -1);
      Tensor c = gates.get(1).sigmoid().mul(state.get(1)).add(gates.get(0).sigmoid().mul(gates.get(2).tanh()));
      Tensor h = gates.get(3).sigmoid().mul(c.tanh());
      return new Scan(List.of(h, c), List.of(h));
    });
  }

  /** States that change places, and outputs that are entries, states and constants. */
  private static Tensors shifted(List<Tensor> in) {
    return named(Scan.over(in.subList(1, 3), in.subList(0, 1), (state, entry) -> new Scan(
        List.of(state.get(1), state.get(0)), List.of(entry.getFirst(), state.get(0), state.get(1), in.get(1)))));
  }

  /** Work on the host, whose arrays move. */
  private static Tensors sorted(List<Tensor> in) {
    return named(Scan.over(in.subList(1, 2), in.subList(0, 1), (state, entry) -> {
      Tensor sorted = state.getFirst().add(entry.getFirst()).sort(1);
      return new Scan(List.of(sorted), List.of(sorted, entry.getFirst().argSort(0)));
    }));
  }

  private static Scan nested(List<Tensor> in) {
    return Scan.over(in.subList(1, 2), in.subList(0, 1), (state, rows) -> {
      Scan row = Scan.over(state, rows, true, (s, y) -> {
        Tensor next = s.getFirst().matmul(in.get(2)).add(y.getFirst()).add(state.getFirst()).tanh();
        return new Scan(List.of(next), List.of(next.mul(y.getFirst())));
      });
      return new Scan(row.state(), List.of(row.outputs().getFirst().sum(0).squeeze(0)));
    });
  }

  private static Tensors gradients(Function<List<Tensor>, Scan> function, List<Tensor> in) {
    Tensor sum = Tensor.zeros(TensorType.of(DType.F32));
    int seed = 5;
    for (Tensor result : named(function.apply(in)).values()) {
      sum = sum.add(Values.project(result, seed++));
    }
    return numbered(Gradients.of(sum, in));
  }

  private static Tensors named(Scan scan) {
    Tensors all = Tensors.empty();
    for (Tensor state : scan.state()) {
      all = all.with("state" + all.size(), state);
    }
    for (Tensor output : scan.outputs()) {
      all = all.with("output" + all.size(), output);
    }
    return all;
  }

  private static Tensors numbered(List<Tensor> tensors) {
    Tensors all = Tensors.empty();
    for (Tensor tensor : tensors) {
      all = all.with("gradient" + all.size(), tensor);
    }
    return all;
  }

  private static NDArray f32(int... dims) {
    return Values.normal(TensorType.of(DType.F32, dims), dims.length * 17L + dims[0]);
  }
}
