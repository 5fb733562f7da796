package dev.ashlar.backend.cpu.compiler;

import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Functions;
import dev.ashlar.tensor.Graph;
import dev.ashlar.tensor.Node;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Op.BinaryKind;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The graph without composites, without what has no effect, equal nodes made one, arithmetic on literals
 * done. Every rule gives the same bits as what it replaces.
 */
final class Canonical {

  /** Fewest elements that are worth a row. */
  private static final int ROW = 8;
  /** From so many on a row is long enough. */
  private static final int LONG_ROW = 64;
  private static final long BLOCK_BYTES = 128 << 10;
  private static final int MIN_BLOCK_ROWS = 8;
  private static final int MAX_BLOCK_ROWS = 64;

  private Canonical() {}

  /** The same outputs. Without {@code simplify}, composites are opened and nothing else changes. */
  static Graph of(Graph graph, boolean simplify) {
    Graph open = graph;
    while (open.nodes().stream().anyMatch(n -> isOpened(n.op()))) {
      open = open.rewrite((node, op) ->
          op instanceof Op.Composite o && isOpened(o) ? o.body().inline(o.operands()) : null);
    }
    Graph plain = RowBlocks.of(open).rewrite((node, op) ->
        isBarrier(op) ? behind(node, op) : one(necessary(op, node)));
    return simplify ? turned(Scans.tidy(plain.rewrite((node, op) -> one(simpler(op, node))))) : plain;
  }

  private static boolean isOpened(Op op) {
    return op instanceof Op.Composite && !isBarrier(op);
  }

  static boolean isBarrier(Op op) {
    return op instanceof Op.Composite o && o.name().equals(Functions.BARRIER);
  }

  /** What a barrier gives. Leaves need no other name: nothing is saved by computing them again. */
  static List<Tensor> behind(Node node, Op op) {
    Node barrier = Node.of(op, node.origin());
    return barrier.outputs().stream().map(output -> {
      Tensor operand = barrier.inputs().get(output.output());
      return switch (operand.node().op()) {
        case Op.Input _, Op.Constant _, Op.Literal _ -> operand;
        default -> output;
      };
    }).toList();
  }

  private static @Nullable List<Tensor> one(@Nullable Tensor tensor) {
    return tensor == null ? null : List.of(tensor);
  }

  /** What the later stages rely on. */
  private static @Nullable Tensor necessary(Op op, Node node) {
    return switch (op) {
      case Op.Detach o -> o.x();
      case Op.Cast o when o.dtype() == o.x().dtype() -> o.x();
      case Op.Reduce o when o.axes().stream().allMatch(axis -> o.x().dim(axis) == 1) -> o.x();
      case Op.Binary o when o.kind() == BinaryKind.ADD -> Joining.of(o);
      case Op.Reduce o when !first(o).equals(o.axes()) -> {
        Tensor rows = Tensor.apply(new Op.Reduce(o.kind(), o.x(), first(o)));
        yield Tensor.apply(new Op.Reduce(o.kind(), rows, o.axes()));
      }
      case Op.Reduce o -> byBlocks(o, node.output(0).shape());
      case Op.ArgMax o when o.x().dim(o.axis()) == 1 -> Tensor.zeros(o.x().type().withDType(DType.I32));
      case Op.ArgMax o when o.axis() < o.x().rank() - 1 -> alongLastAxis(o);
      default -> null;
    };
  }

  /**
   * The axes that a reduction over several combines first: the last ones, enough to fill lanes some times over. What
   * they leave is combined afterwards, so that rows stay rows and can be computed with what else is done to them.
   */
  private static List<Integer> first(Op.Reduce o) {
    Shape shape = o.x().shape();
    int last = shape.rank() - 1;
    while (last >= 0 && shape.dim(last) == 1) {
      last--;
    }
    long length = 1;
    int from = last + 1;
    while (from > 0 && o.axes().contains(from - 1)
        && (length < ROW || length < LONG_ROW && length * shape.dim(from - 1) <= Accumulator.BLOCK)) {
      length *= shape.dim(--from);
    }
    int start = from;
    boolean more = o.axes().stream().anyMatch(axis -> axis < start && shape.dim(axis) > 1);
    return from <= last && more && o.axes().contains(start - 1)
        ? IntStream.rangeClosed(start, last).boxed().toList() : o.axes();
  }

  /**
   * Columns of a large matrix, some rows added up at a time, then what they give: such a block is still in a near
   * cache if something else was done to its rows just before. Null if it is no such reduction.
   */
  private static @Nullable Tensor byBlocks(Op.Reduce o, Shape result) {
    Segments segments = Segments.of(o.x().shape(), o.axes());
    // The sums of a block are rounded to the type, and half of its range is soon left.
    boolean isExact = o.x().dtype() == DType.F32 || o.x().dtype().isInteger();
    if (!isExact || segments.isRows() || segments.extents().size() != 2 || o.x().type().bytes() < Costs.LARGE) {
      return null;
    }
    int rows = segments.extents().getFirst();
    long bytes = o.x().type().bytes() / rows;
    int most = Math.clamp(BLOCK_BYTES / bytes, MIN_BLOCK_ROWS, MAX_BLOCK_ROWS);
    for (int block = most; block >= MIN_BLOCK_ROWS; block--) {
      if (rows % block == 0 && rows > block) {
        Tensor blocks = o.x().reshape(Shape.of(rows / block, block, segments.extents().getLast()));
        Tensor sums = Tensor.apply(new Op.Reduce(o.kind(), blocks, List.of(1)));
        return Tensor.apply(new Op.Reduce(o.kind(), sums, List.of(0))).reshape(result);
      }
    }
    return null;
  }

  /** ArgMax with its axis last: lanes run along it. */
  private static Tensor alongLastAxis(Op.ArgMax o) {
    int last = o.x().rank() - 1;
    int[] order = IntStream.range(0, o.x().rank()).toArray();
    order[o.axis()] = last;
    order[last] = o.axis();
    return o.x().permute(order).argMax(last).permute(order);
  }

  private static @Nullable Tensor simpler(Op op, Node node) {
    return switch (op) {
      case Op.Reshape o when o.shape().equals(o.x().shape()) -> o.x();
      case Op.Reshape o when o.x().node().op() instanceof Op.Reshape inner -> inner.x().reshape(o.shape());
      case Op.Broadcast o when o.shape().equals(o.x().shape()) -> o.x();
      case Op.Permute o when isIdentity(o.order()) -> o.x();
      case Op.Permute o when o.x().node().op() instanceof Op.Permute inner ->
          inner.x().permute(o.order().stream().mapToInt(inner.order()::get).toArray());
      case Op.Where o when o.a() == o.b() -> o.a();
      case Op.Where o when !Double.isNaN(o.condition().literalOr(Double.NaN)) ->
          o.condition().literalOr(0) != 0 ? o.a() : o.b();
      case Op.Binary o -> binary(o);
      case Op.Unary o when o.kind() == Op.UnaryKind.NEG -> negated(o);
      // Elements are chosen first and widened then: a table of vectors stays as narrow as it is.
      case Op.Gather o when Group.View.isWidening(o.data().node().op()) ->
          Tensor.apply(new Op.Gather(narrow(o.data()), o.indices(), o.batch())).cast(DType.F32);
      case Op.DynamicSlice o when Group.View.isWidening(o.x().node().op()) ->
          Tensor.apply(new Op.DynamicSlice(narrow(o.x()), o.starts(), o.extents())).cast(DType.F32);
      case Op.Cast o when o.x().node().op() instanceof Op.Literal literal && isExact(literal, o.dtype()) ->
          Tensor.scalar(o.dtype(), literal.value());
      default -> null;
    };
  }

  private static Tensor narrow(Tensor widened) {
    return widened.node().inputs().getFirst();
  }

  // ---------------------------------------------------------------- products that are only read transposed

  /** Such products the other way round: b^T a^T where (a b)^T was read. */
  private static Graph turned(Graph graph) {
    Set<Node> turned = new HashSet<>();
    // Other types have kernels that want rows of the second operand, and narrow ones are widened fast only there.
    graph.nodes().stream().filter(node -> node.op() instanceof Op.MatMul o && o.a().dtype() == DType.F32
            && Group.View.of(o.b(), true, false, true).base().dtype() == DType.F32)
        .forEach(turned::add);
    graph.outputs().forEach(output -> turned.remove(output.node()));
    for (Node node : graph.nodes()) {
      if (!isTransposition(node.op())) {
        node.inputs().forEach(operand -> turned.remove(operand.node()));
      }
    }
    return graph.rewrite((node, op) -> switch (op) {
      case Op.MatMul o when turned.contains(node) ->
          Node.of(new Op.MatMul(transposed(o.b()), transposed(o.a())), node.origin()).outputs();
      case Op.Permute o when turned.contains(((Op.Permute) node.op()).x().node()) -> List.of(o.x());
      default -> null;
    });
  }

  static boolean isTransposition(Op op) {
    return op instanceof Op.Permute o && isIdentity(transposed(o.order()));
  }

  private static List<Integer> transposed(List<Integer> order) {
    List<Integer> swapped = new ArrayList<>(order);
    if (order.size() > 1) {
      Collections.swap(swapped, order.size() - 2, order.size() - 1);
    }
    return swapped;
  }

  private static Tensor transposed(Tensor x) {
    if (!(x.node().op() instanceof Op.Permute inner)) {
      return x.transpose();
    }
    List<Integer> order = transposed(inner.order());
    return isIdentity(order) ? inner.x() : inner.x().permute(order.stream().mapToInt(i -> i).toArray());
  }

  private static boolean isIdentity(List<Integer> order) {
    return IntStream.range(0, order.size()).allMatch(i -> order.get(i) == i);
  }

  private static boolean isExact(Op.Literal literal, DType to) {
    double value = literal.value();
    return switch (to) {
      case F32 -> (float) value == value;
      case I32 -> (int) value == value && !literal.dtype().isFloating();
      default -> false;
    };
  }

  private static @Nullable Tensor negated(Op.Unary o) {
    if (o.x().node().op() instanceof Op.Unary inner && inner.kind() == Op.UnaryKind.NEG) {
      return inner.x();
    }
    double x = o.x().literalOr(Double.NaN);
    return o.x().dtype() == DType.F32 && !Double.isNaN(x) ? Tensor.full(o.x().type(), -x) : null;
  }

  private static @Nullable Tensor binary(Op.Binary o) {
    Tensor folded = folded(o);
    if (folded != null) {
      return folded;
    }
    double a = o.a().literalOr(Double.NaN);
    double b = o.b().literalOr(Double.NaN);
    boolean integer = o.a().dtype().isInteger();
    return switch (o.kind()) {
      case MUL -> a == 1 ? o.b() : b == 1 ? o.a() : null;
      case DIV -> b == 1 ? o.a() : isPowerOfTwo(o, b) ? o.a().mul(1 / b) : null;
      case SUB -> b == 0 && (integer || 1 / b > 0) ? o.a() : null;
      case ADD -> integer && a == 0 ? o.b() : integer && b == 0 ? o.a() : null;
      // x^2 is x x, x^1 is x.
      case POW -> b == 1 ? o.a() : b == 2 ? o.a().mul(o.a()) : null;
      default -> null;
    };
  }

  private static boolean isPowerOfTwo(Op.Binary o, double b) {
    int exponent = Math.getExponent(b);
    return o.a().dtype() == DType.F32 && Math.abs(exponent) < 100 && b == Math.scalb(1.0, exponent);
  }

  /** Arithmetic on two literals, where one rounding gives what the kernel would. */
  private static @Nullable Tensor folded(Op.Binary o) {
    double a = o.a().literalOr(Double.NaN);
    double b = o.b().literalOr(Double.NaN);
    if (Double.isNaN(a) || Double.isNaN(b)) {
      return null;
    }
    DType type = o.a().dtype();
    if (type == DType.F32) {
      float x = (float) a;
      float y = (float) b;
      return switch (o.kind()) {
        case ADD -> full(o, x + y);
        case SUB -> full(o, x - y);
        case MUL -> full(o, x * y);
        case DIV -> full(o, x / y);
        default -> null;
      };
    }
    if (type == DType.I32) {
      int x = (int) a;
      int y = (int) b;
      return switch (o.kind()) {
        case ADD -> full(o, x + y);
        case SUB -> full(o, x - y);
        case MUL -> full(o, x * y);
        case XOR -> full(o, x ^ y);
        default -> null;
      };
    }
    return null;
  }

  private static @Nullable Tensor full(Op.Binary o, double value) {
    return o.kind() == BinaryKind.POW || Double.isNaN(value) ? null : Tensor.full(o.a().type(), value);
  }
}
