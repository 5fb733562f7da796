package dev.ashlar.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ashlar.tensor.Op.BinaryKind;
import dev.ashlar.tensor.Op.UnaryKind;
import dev.ashlar.tensor.Op.Window;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * What does not fit is refused when the graph is built; the messages are read as a whole, in type-
 * rules.txt.
 */
class TypeRulesTest {

  private static final Path GOLDEN = Path.of("src/test/resources/dev/ashlar/tensor/type-rules.txt");

  private final Map<String, Supplier<Object>> mistakes = new LinkedHashMap<>();

  @Test
  void messages() throws IOException {
    elements();
    axes();
    movement();
    rows();
    contractions();
    scans();
    String found = mistakes.entrySet().stream()
        .map(e -> e.getKey() + "\n  " + message(e.getValue()))
        .collect(Collectors.joining("\n", "", "\n"));
    if (Boolean.getBoolean("ashlar.golden.update")) {
      Files.writeString(GOLDEN, found);
    }
    assertThat(found).as("%s; update with -Dashlar.golden.update=true", GOLDEN)
        .isEqualTo(Files.readString(GOLDEN));
  }

  private static String message(Supplier<Object> mistake) {
    ShapeException refused = catchThrowableOfType(ShapeException.class, mistake::get);
    return refused == null ? "NOT REFUSED" : refused.getMessage();
  }

  @Test
  void nothingIsLetThrough() throws IOException {
    assertThat(Files.readString(GOLDEN)).isNotEmpty().doesNotContain("NOT REFUSED");
  }

  private void elements() {
    put("random bits from a float", () -> new Op.RandomBits(f32(), i32(), Shape.of(2)));
    put("not of floats", () -> new Op.Unary(UnaryKind.NOT, f32(2)));
    put("negative of a truth value", () -> new Op.Unary(UnaryKind.NEG, bool(2)));
    put("exponential of integers", () -> new Op.Unary(UnaryKind.EXP, i32(2)));
    put("sum of two shapes", () -> new Op.Binary(BinaryKind.ADD, f32(2), f32(3)));
    put("sum of two types", () -> new Op.Binary(BinaryKind.ADD, f32(2), i32(2)));
    put("sum of truth values", () -> new Op.Binary(BinaryKind.ADD, bool(2), bool(2)));
    put("and of floats", () -> new Op.Binary(BinaryKind.AND, f32(2), f32(2)));
    put("shift of truth values", () -> new Op.Binary(BinaryKind.SHL, bool(2), bool(2)));
    put("choice by numbers", () -> new Op.Where(i32(2), f32(2), f32(2)));
    put("choice of two shapes", () -> new Op.Where(bool(2), f32(2), f32(3)));
    mistakes.put("broadcasting that does not fit", () -> f32(2, 3).add(f32(2)));
    mistakes.put("fraction of integers", () -> i32(3).mul(0.5));
    mistakes.put("comparison of integers with a fraction", () -> i32(3).gt(0.5));
    mistakes.put("infinity among integers", () -> Tensor.full(i32(3).type(), Double.POSITIVE_INFINITY));
    mistakes.put("half a truth", () -> Tensor.scalar(DType.BOOL, 0.5));
    mistakes.put("mean of integers", () -> i32(3).mean());
    mistakes.put("mean of integers along an axis", () -> i32(3).mean(0));
  }

  private void axes() {
    put("iota along no axis", () -> new Op.Iota(TensorType.of(DType.I32, 2), 1));
    put("iota of truth values", () -> new Op.Iota(TensorType.of(DType.BOOL, 2), 0));
    put("reduction of truth values", () -> new Op.Reduce(Op.ReduceKind.SUM, bool(2), List.of(0)));
    put("reduction from the end", () -> new Op.Reduce(Op.ReduceKind.SUM, f32(2, 3), List.of(-1)));
    put("position along no axis", () -> new Op.ArgMax(f32(2), 1));
    put("running sum along no axis", () -> new Op.CumSum(f32(2), 1, false));
    put("sort along no axis", () -> new Op.Sort(f32(2), 1, false));
    put("more than there are", () -> new Op.TopK(f32(2, 3), 4));
  }

  private void movement() {
    put("reshape", () -> new Op.Reshape(f32(2, 3), Shape.of(5)));
    put("permute with an axis twice", () -> new Op.Permute(f32(2, 3), List.of(0, 0)));
    put("permute of fewer axes", () -> new Op.Permute(f32(2, 3), List.of(0)));
    put("broadcast of another rank", () -> new Op.Broadcast(f32(3), Shape.of(2, 3)));
    put("broadcast of more than one", () -> new Op.Broadcast(f32(2), Shape.of(4)));
    put("slice beyond the end", () -> new Op.Slice(f32(4), List.of(1), List.of(5), List.of(1)));
    put("slice that goes back", () -> new Op.Slice(f32(4), List.of(3), List.of(1), List.of(1)));
    put("slice of fewer axes", () -> new Op.Slice(f32(4, 4), List.of(0), List.of(1), List.of(1)));
    put("flip along no axis", () -> new Op.Flip(f32(4), List.of(1)));
    put("window too large", () -> new Op.DynamicSlice(f32(4), List.of(i32()), Shape.of(5)));
    put("window with a start missing", () -> new Op.DynamicSlice(f32(4, 4), List.of(i32()), Shape.of(2, 2)));
    put("update of another type", () -> new Op.DynamicUpdate(f32(4), i32(2), List.of(i32())));
    put("padding that cuts", () -> new Op.Pad(f32(4), List.of(-1), List.of(0), List.of(0), 0));
    put("fraction padded around integers", () -> new Op.Pad(i32(4), List.of(1), List.of(0), List.of(0), 0.5));
    mistakes.put("two extents left open", () -> f32(2, 5).reshape(-1, -1));
    mistakes.put("an open extent that does not come out", () -> f32(2, 5).reshape(-1, 3));
    mistakes.put("no tensors to join", () -> Tensor.concat(List.of(), 0));
    mistakes.put("no tensors to stack", () -> Tensor.stack(List.of(), 0));
    put("nothing to join", () -> new Op.Concat(List.of(), 0));
    put("joined shapes that differ", () -> new Op.Concat(List.of(f32(2, 3), f32(2, 4)), 0));
    put("joined types that differ", () -> new Op.Concat(List.of(f32(2), i32(2)), 0));
  }

  private void rows() {
    put("rows by float", () -> new Op.Gather(f32(4, 2), f32(3), 0));
    put("rows after unequal axes", () -> new Op.Gather(f32(4, 2), i32(3, 2), 1));
    put("rows of a scalar", () -> new Op.Gather(f32(), i32(3), 0));
    put("updates of another shape", () -> new Op.ScatterAdd(f32(4, 2), i32(3), f32(3, 3), 0));
    put("updates of truth values", () -> new Op.ScatterAdd(bool(4), i32(3), bool(3), 0));
  }

  private void contractions() {
    put("product of vectors", () -> new Op.MatMul(f32(3), f32(3)));
    put("product of unequal lengths", () -> new Op.MatMul(f32(2, 3), f32(4, 2)));
    put("product of unequal batches", () -> new Op.MatMul(f32(2, 2, 3), f32(4, 3, 2)));
    put("product of truth values", () -> new Op.MatMul(bool(2, 3), bool(3, 2)));
    put("convolution of unequal channels", () ->
        new Op.Conv(f32(1, 3, 5), f32(2, 2, 3), Window.of(1, 1, 0), 1));
    put("convolution in uneven groups", () -> new Op.Conv(f32(1, 4, 5), f32(3, 2, 3), Window.of(1, 1, 0), 2));
    put("convolution with another window", () ->
        new Op.Conv(f32(1, 3, 5), f32(2, 3, 3), Window.of(2, 1, 0), 1));
    put("convolution that stands still", () ->
        new Op.Conv(f32(1, 3, 5), f32(2, 3, 3), Window.of(1, 0, 0), 1));
    put("pool without a window", () ->
        new Op.Pool(Op.PoolKind.SUM, f32(1, 1, 4, 4), List.of(2), Window.of(2, 1, 0)));
    put("composite of another type", () -> {
      Tensor p = f32(2);
      return new Op.Composite("twice", 1, Map.of(), List.of(f32(3)), new Graph(List.of(p), List.of(p.add(p))), null);
    });
    mistakes.put("matmul of a vector", () -> f32(3).matmul(f32(3, 2)));
  }

  private void scans() {
    Tensor state = f32(3);
    Scan.Step sum = (before, entries) -> new Scan(List.of(before.getFirst().add(entries.getFirst())), List.of());
    mistakes.put("scan over nothing", () -> Scan.over(List.of(state), List.of(), sum));
    mistakes.put("scan over a scalar", () -> Scan.over(List.of(state), List.of(f32()), sum));
    mistakes.put("scan over sequences of unequal length", () ->
        Scan.over(List.of(state), List.of(f32(5, 3), f32(4, 3)), sum));
    mistakes.put("scan over no entries", () -> Scan.over(List.of(state), List.of(f32(0, 3)), sum));
    mistakes.put("scan whose state grows", () -> Scan.over(List.of(state), List.of(f32(5, 3)), (before, entries) ->
        new Scan(List.of(Tensor.concat(List.of(before.getFirst(), entries.getFirst()), 0)), List.of())));
    mistakes.put("scan whose state becomes whole numbers", () -> Scan.over(List.of(state), List.of(f32(5, 3)),
        (before, entries) -> new Scan(List.of(before.getFirst().cast(DType.I32)), List.of())));
    mistakes.put("scan that loses its state", () -> Scan.over(List.of(state), List.of(f32(5, 3)),
        (before, entries) -> new Scan(List.of(), entries)));
    mistakes.put("scan whose step does not fit", () -> Scan.over(List.of(state), List.of(f32(5, 4)), sum));
    Tensor p = f32(3);
    Tensor entry = f32(3);
    Graph body = new Graph(List.of(p, entry), List.of(p.add(entry)));
    put("scan with an operand of another type", () -> new Op.Scan(5, false, 1, 1, List.of(f32(3), f32(4, 3)), body));
    put("scan with an operand too few", () -> new Op.Scan(5, false, 1, 1, List.of(f32(3)), body));
  }

  @Test
  void scansArePrintedWithTheirBodies() {
    Tensor weight = f32(3, 3);
    Scan scan = Scan.over(List.of(f32(2, 3)), List.of(f32(5, 2, 3)), true, (before, entries) -> {
      Tensor next = before.getFirst().matmul(weight).add(entries.getFirst()).tanh();
      return new Scan(List.of(next), List.of(next.sum(-1)));
    });
    assertThat(Graph.of(List.of(scan.state().getFirst(), scan.outputs().getFirst()))).hasToString("""
        %0 = argument 'x'() : f32[2, 3]
        %1 = argument 'x'() : f32[5, 2, 3]
        %2 = argument 'x'() : f32[3, 3]
        %3 = scan 5 reverse, state 1, sequences 1(%0, %1, %2) : f32[2, 3], f32[5, 2, 1]
            %0 = parameter 'state0'() : f32[2, 3]
            %1 = parameter 'constant0'() : f32[3, 3]
            %2 = matmul(%0, %1) : f32[2, 3]
            %3 = parameter 'entry0'() : f32[2, 3]
            %4 = add(%2, %3) : f32[2, 3]
            %5 = tanh(%4) : f32[2, 3]
            %6 = reduce_sum axes [1](%5) : f32[2, 1]
            return %5, %6
        return %3.0, %3.1
        """);
  }

  private void put(String what, Supplier<Op> op) {
    mistakes.put(what, () -> Node.of(op.get()));
  }

  private static Tensor f32(int... dims) {
    return Tensor.input("x", TensorType.of(DType.F32, dims));
  }

  private static Tensor i32(int... dims) {
    return Tensor.input("i", TensorType.of(DType.I32, dims));
  }

  private static Tensor bool(int... dims) {
    return Tensor.input("b", TensorType.of(DType.BOOL, dims));
  }
}
