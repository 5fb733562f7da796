package dev.ashlar.backend.cpu.compiler;

import dev.ashlar.tensor.Functions;
import dev.ashlar.tensor.Node;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Some rows of what {@link RowBlocks} found: of each tensor there [rows, columns] or [rows, 1], whatever its shape was.
 */
final class RowBlock {

  private final Tensor product;
  private final Set<Node> rowwise;
  private final int from;
  private final int to;
  private final Map<Tensor, Tensor> made = new HashMap<>();

  /**
   * Rows {@code from} to below {@code to}.
   *
   * @param product what is made in blocks
   * @param rowwise nodes that are made row by row, that of the product among them
   * @param awaited what must be there before
   */
  RowBlock(Tensor product, Set<Node> rowwise, int from, int to, List<Tensor> awaited) {
    this.product = product;
    this.rowwise = rowwise;
    this.from = from;
    this.to = to;
    Op.MatMul o = (Op.MatMul) product.node().op();
    Tensor rows = o.a().slice(0, from, to);
    Tensor left = awaited.isEmpty() ? rows : Functions.barrier(List.of(rows), awaited).getFirst();
    made.put(product, apply(new Op.MatMul(left, o.b()), product.node()));
  }

  /** The rows of a tensor. */
  Tensor of(Tensor tensor) {
    Tensor known = made.get(tensor);
    if (known == null) {
      known = rowwise.contains(tensor.node()) ? rowwise(tensor.node()) : outside(tensor);
      made.put(tensor, known);
    }
    return known;
  }

  private Tensor rowwise(Node node) {
    return switch (node.op()) {
      case Op.Reshape o -> of(o.x());
      case Op.Broadcast o -> apply(new Op.Broadcast(of(o.x()), wide()), node);
      case Op.Reduce o -> apply(new Op.Reduce(o.kind(), of(o.x()), List.of(1)), node);
      case Op.ArgMax o -> apply(new Op.ArgMax(of(o.x()), 1), node);
      case Op.Gather o -> apply(new Op.Gather(of(o.data()), of(o.indices()), 1), node);
      case Op.ScatterAdd o -> apply(new Op.ScatterAdd(of(o.base()), of(o.indices()), of(o.updates()), 1), node);
      default -> elements(node);
    };
  }

  private Tensor elements(Node node) {
    return apply(node.op().withInputs(node.inputs().stream().map(this::of).toList()), node);
  }

  /** Rows of what does not depend on the product: made anew where that costs nothing, else read from the whole. */
  private Tensor outside(Tensor tensor) {
    if (tensor.shape().size() != product.shape().size()) {
      return tensor.reshape(product.dim(0), 1).slice(0, from, to);
    }
    Node node = tensor.node();
    return switch (node.op()) {
      case Op.Unary _, Op.Binary _, Op.Where _, Op.Cast _, Op.Detach _ -> elements(node);
      case Op.Reshape o when o.x().rank() > 0 && o.x().dim(-1) == product.dim(1) -> of(o.x());
      case Op.Broadcast o when isForEachRow(o.x().shape()) -> apply(new Op.Broadcast(of(o.x()), wide()), node);
      case Op.Broadcast o when o.x().shape().size() == o.x().dim(-1) ->
          apply(new Op.Broadcast(o.x().reshape(1, o.x().dim(-1)), wide()), node);
      case Op.Iota o when o.axis() == tensor.rank() - 1 ->
          apply(new Op.Iota(new TensorType(tensor.dtype(), wide()), 1), node);
      default -> tensor.reshape(product.shape()).slice(0, from, to);
    };
  }

  private boolean isForEachRow(Shape shape) {
    return shape.size() == product.dim(0) && shape.dim(-1) == 1;
  }

  private Shape wide() {
    return Shape.of(to - from, product.dim(1));
  }

  /**
   * A product or a sum that is made of these rows.
   *
   * @param before the sum over the rows before these; null if there are none
   * @param turned whether a product over the rows is made transposed
   */
  Tensor end(Node node, @Nullable Tensor before, boolean turned) {
    return switch (node.op()) {
      case Op.MatMul o when rowwise.contains(o.a().node()) -> apply(new Op.MatMul(of(o.a()), o.b()), node);
      case Op.MatMul o -> {
        Tensor left = o.a().slice(1, from, to);
        Tensor right = of(o.b());
        yield turned ? product(right.transpose(), left.transpose(), before, node) : product(left, right, before, node);
      }
      case Op.Reduce o -> {
        Tensor sum = apply(new Op.Reduce(o.kind(), of(o.x()), List.of(0)), node);
        yield before == null ? sum : before.add(sum);
      }
      default -> throw new IllegalStateException(node.toString());
    };
  }

  private static Tensor product(Tensor a, Tensor b, @Nullable Tensor before, Node node) {
    return apply(before == null ? new Op.MatMul(a, b) : ProductSum.of(before, a, b), node);
  }

  private static Tensor apply(Op op, Node node) {
    return Node.of(op, node.origin()).output(0);
  }
}
