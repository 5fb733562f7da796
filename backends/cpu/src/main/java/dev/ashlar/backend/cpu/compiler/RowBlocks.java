package dev.ashlar.backend.cpu.compiler;

import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Graph;
import dev.ashlar.tensor.Node;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes a very large product some rows at a time, if only sums of its rows and further products are wanted of it. So
 * the logits of a large vocabulary are never there as a whole: logits, losses, their gradient and the products with
 * that, then the same for the next rows, in the same place.
 *
 * <p>A product that sums over the rows goes on where the last block left it ({@link ProductSum}): each element is the
 * same sum in the same order.
 */
final class RowBlocks {

  /** A block should take no more than this. */
  private static final long BYTES = 128L << 20;
  /** Each block reads the other operands of all products: fewer rows are not worth that. */
  private static final int ROWS = 512;

  /** What a tensor has for each row of the product. */
  private enum Kind {
    /** As many elements as the product has columns. */
    WIDE,
    /** One element. */
    NARROW
  }

  private final Graph graph;
  private final List<Node> nodes;
  private final Map<Tensor, List<Node>> users = new HashMap<>();
  private final Tensor product;
  /** All that depends on the product. */
  private final Set<Node> after = new HashSet<>();
  private final Map<Tensor, Kind> kinds = new HashMap<>();
  /** What is made row by row, together with the product. */
  private final Set<Node> rowwise = new LinkedHashSet<>();
  /** What is made of that, block by block: products and sums of columns. */
  private final List<Node> ends = new ArrayList<>();
  /** What else is read of that: one element a row. */
  private final Set<Tensor> read = new LinkedHashSet<>();

  private RowBlocks(Graph graph, List<Node> nodes, Tensor product) {
    this.graph = graph;
    this.nodes = nodes;
    this.product = product;
    nodes.forEach(node -> node.inputs().forEach(operand ->
        users.computeIfAbsent(operand, t -> new ArrayList<>()).add(node)));
  }

  /** The same outputs, for a graph whose composites are opened. */
  static Graph of(Graph graph) {
    return of(graph, BYTES, ROWS);
  }

  /**
   * The same outputs.
   *
   * @param bytes that a block of a product should take at most
   * @param fewest rows of a block
   */
  static Graph of(Graph graph, long bytes, int fewest) {
    if (graph.nodes().stream().noneMatch(node -> blocks(node, bytes, fewest) > 1)) {
      return graph;
    }
    // What is equal becomes one first: two blocks of equal products would only be equal where nothing is awaited.
    Graph result = graph.rewrite((node, op) -> Canonical.isBarrier(op) ? Canonical.behind(node, op) : null);
    Set<Node> refused = new HashSet<>();
    for (boolean found = true; found;) {
      List<Node> nodes = result.nodes();
      found = false;
      for (int i = 0; i < nodes.size() && !found; i++) {
        int blocks = refused.contains(nodes.get(i)) ? 1 : blocks(nodes.get(i), bytes, fewest);
        RowBlocks rows = blocks > 1 ? new RowBlocks(result, nodes, nodes.get(i).output(0)) : null;
        found = rows != null && rows.isPossible();
        if (found) {
          result = rows.split(blocks);
        } else {
          refused.add(nodes.get(i));
        }
      }
    }
    return result;
  }

  private static int blocks(Node node, long bytes, int fewest) {
    boolean isProduct = node.op() instanceof Op.MatMul o && o.a().dtype() == DType.F32 && o.a().rank() == 2
        && o.a().dim(1) > 0 && o.b().dim(1) > 1;
    return isProduct ? (int) Math.min(Math.ceilDiv(node.output(0).type().bytes(), bytes),
        node.output(0).dim(0) / fewest) : 1;
  }

  // ---------------------------------------------------------------- what can be done row by row

  private boolean isPossible() {
    after.add(product.node());
    kinds.put(product, Kind.WIDE);
    for (Node node : nodes) {
      if (node.inputs().stream().anyMatch(this::depends)) {
        after.add(node);
        Kind kind = kind(node);
        if (kind != null) {
          kinds.put(node.output(0), kind);
        }
      }
    }
    for (Node node : nodes.reversed()) {
      // Elements of rows are made here if rows are needed for them, or they for rows; the rest can be made afterwards.
      boolean isNeeded = isWide(node.output(0)) || node.inputs().stream().anyMatch(this::isWide)
          || users(node.output(0)).anyMatch(rowwise::contains);
      if (kinds.containsKey(node.output(0)) && isNeeded) {
        rowwise.add(node);
      }
    }
    return canBeRead();
  }

  /** Whether nobody else needs whole rows, but for products and sums; notes what is read. */
  private boolean canBeRead() {
    for (Node node : nodes) {
      if (!rowwise.contains(node) && node.inputs().stream().anyMatch(this::isWide)) {
        if (!isEnd(node)) {
          return false;
        }
        ends.add(node);
      } else if (!rowwise.contains(node)) {
        node.inputs().stream().filter(operand -> rowwise.contains(operand.node())).forEach(read::add);
      }
    }
    graph.outputs().stream().filter(output -> rowwise.contains(output.node())).forEach(read::add);
    return read.stream().noneMatch(this::isWide);
  }

  private boolean depends(Tensor tensor) {
    return after.contains(tensor.node());
  }

  private Stream<Node> users(Tensor tensor) {
    return users.getOrDefault(tensor, List.of()).stream();
  }

  /** What a node gives for each row, if it is made of the same row of its operands; else null. */
  private @Nullable Kind kind(Node node) {
    if (node.outputs().size() != 1 || node.inputs().stream().anyMatch(t -> depends(t) && !kinds.containsKey(t))) {
      return null;
    }
    return switch (node.op()) {
      case Op.Unary _, Op.Binary _, Op.Where _, Op.Cast _, Op.Detach _ ->
          kinds.get(node.inputs().stream().filter(this::depends).findFirst().orElseThrow());
      case Op.Reshape o -> kinds.get(o.x()) == Kind.NARROW || isWide(o.shape()) ? kinds.get(o.x()) : null;
      case Op.Broadcast o -> kinds.get(o.x()) == Kind.NARROW && o.x().dim(-1) == 1 && isWide(o.shape())
          ? Kind.WIDE : null;
      case Op.Reduce o -> isWide(o.x()) && o.axes().contains(o.x().rank() - 1) && isNarrow(node.output(0))
          ? Kind.NARROW : null;
      case Op.ArgMax o -> isWide(o.x()) && o.axis() == o.x().rank() - 1 ? Kind.NARROW : null;
      case Op.Gather o -> isWide(o.data()) && o.batch() == o.data().rank() - 1 && isNarrow(o.indices())
          ? Kind.NARROW : null;
      case Op.ScatterAdd o -> isWide(o.base().shape()) && o.batch() == o.base().rank() - 1 && isNarrow(o.indices())
          ? Kind.WIDE : null;
      default -> null;
    };
  }

  private boolean isWide(Tensor tensor) {
    return kinds.get(tensor) == Kind.WIDE;
  }

  private boolean isWide(Shape shape) {
    return shape.rank() > 1 && shape.size() == product.shape().size() && shape.dim(-1) == product.dim(1);
  }

  private boolean isNarrow(Tensor tensor) {
    return tensor.shape().size() == product.dim(0);
  }

  /** Whether a node can be made of one block of rows after the other. */
  private boolean isEnd(Node node) {
    return switch (node.op()) {
      case Op.MatMul o -> o.a().dtype() == DType.F32 && o.a().rank() == 2
          && (isWide(o.a()) ? !depends(o.b()) : !depends(o.a()));
      case Op.Reduce o -> {
        // The sums of a block are rounded to the type, and half of its range is soon left.
        boolean isExact = o.x().dtype() == DType.F32 || o.x().dtype().isInteger();
        yield isExact && o.kind() == Op.ReduceKind.SUM && !o.axes().contains(o.x().rank() - 1)
            && node.output(0).shape().size() == product.dim(1);
      }
      default -> false;
    };
  }

  // ---------------------------------------------------------------- block by block

  private Graph split(int blocks) {
    Map<Tensor, List<Tensor>> parts = new LinkedHashMap<>();
    Map<Node, Tensor> sums = new LinkedHashMap<>();
    List<Tensor> last = List.of();
    for (int i = 0; i < blocks; i++) {
      int from = (int) ((long) product.dim(0) * i / blocks);
      int to = (int) ((long) product.dim(0) * (i + 1) / blocks);
      RowBlock block = new RowBlock(product, rowwise, from, to, last);
      last = new ArrayList<>();
      for (Tensor tensor : read) {
        last.add(block.of(tensor));
        parts.computeIfAbsent(tensor, t -> new ArrayList<>()).add(block.of(tensor));
      }
      for (Node end : ends) {
        Tensor made = block.end(end, sums.get(end), isTurned(end));
        last.add(made);
        if (end.op() instanceof Op.MatMul o && isWide(o.a())) {
          parts.computeIfAbsent(end.output(0), t -> new ArrayList<>()).add(made);
        } else {
          sums.put(end, made);
        }
      }
    }
    Map<Tensor, Tensor> values = new HashMap<>();
    parts.forEach((tensor, rows) -> values.put(tensor, Tensor.concat(rows, 0).reshape(tensor.shape())));
    sums.forEach((node, sum) -> values.put(node.output(0),
        isTurned(node) ? sum.transpose() : sum.reshape(node.output(0).shape())));
    return new Graph(graph.inputs(), graph.substitute(values));
  }

  /** Whether a product over the rows is only read transposed: it is made that way. */
  private boolean isTurned(Node end) {
    return end.op() instanceof Op.MatMul o && !isWide(o.a()) && !graph.outputs().contains(end.output(0))
        && users(end.output(0)).allMatch(user -> Canonical.isTransposition(user.op()));
  }
}
