package dev.ashlar.program;

import dev.ashlar.api.Stable;
import dev.ashlar.tensor.Graph;
import dev.ashlar.tensor.Node;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How much arithmetic a graph takes, as it is usually counted: a multiplication and an addition are two operations, an
 * element-wise function is one for each element whatever it costs, and what only moves values is none.
 */
@Stable
public final class Cost {

  private Cost() {}

  /** Floating-point operations of one node. */
  public static double flops(Node node) {
    double elements = node.output(0).shape().size(); // the second of a pool are positions
    return switch (node.op()) {
      case Op.MatMul o -> 2 * elements * o.a().dim(-1);
      case Op.Conv o -> {
        Shape kernel = o.kernel().shape(); // [filters, channels of a group, ..]
        yield 2 * elements * kernel.size() / kernel.dim(0);
      }
      case Op.Pool o -> elements * o.size().stream().mapToDouble(Integer::doubleValue).reduce(1, (a, b) -> a * b);
      case Op.Reduce o -> o.x().shape().size();
      case Op.ArgMax o -> o.x().shape().size();
      case Op.ScatterAdd o -> o.updates().shape().size();
      case Op.Unary _, Op.Binary _, Op.Where _, Op.CumSum _ -> elements;
      case Op.Composite o -> flops(o.body());
      case Op.Scan o -> o.length() * flops(o.body());
      // Random bits, orders and places are no arithmetic; what a custom operation takes, only it knows.
      case Op.Input _, Op.Literal _, Op.Constant _, Op.Iota _, Op.RandomBits _, Op.Cast _, Op.Detach _, Op.Sort _,
          Op.TopK _, Op.Reshape _, Op.Permute _, Op.Broadcast _, Op.Slice _, Op.Flip _, Op.DynamicSlice _,
          Op.DynamicUpdate _, Op.Pad _, Op.Concat _, Op.Gather _, Op.Custom _ -> 0;
    };
  }

  /** Floating-point operations of all nodes. */
  public static double flops(Graph graph) {
    return graph.nodes().stream().mapToDouble(Cost::flops).sum();
  }

  /** Floating-point operations by the path of the part that asked for them; empty outside of any. */
  public static Map<String, Double> byPath(Graph graph) {
    Map<String, Double> flops = new LinkedHashMap<>();
    graph.nodes().forEach(node -> flops.merge(node.origin().path(), flops(node), Double::sum));
    return flops;
  }
}
