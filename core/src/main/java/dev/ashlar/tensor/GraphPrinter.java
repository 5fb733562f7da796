package dev.ashlar.tensor;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A graph as text, one line a node; the body of a scan stands below it. */
final class GraphPrinter {

  /** How far a body stands in from what runs it. */
  private static final int BODY = 4;

  private GraphPrinter() {}

  static String print(Graph graph) {
    Map<Tensor, String> names = new IdentityHashMap<>();
    StringBuilder text = new StringBuilder();
    List<Node> nodes = graph.nodes();
    for (int i = 0; i < nodes.size(); i++) {
      Node node = nodes.get(i);
      for (Tensor output : node.outputs()) {
        names.put(output, node.outputs().size() == 1 ? "%" + i : "%" + i + "." + output.output());
      }
      text.append('%').append(i).append(" = ").append(describe(node.op()));
      text.append(node.inputs().stream().map(names::get).collect(Collectors.joining(", ", "(", ")")));
      text.append(node.outputs().stream().map(t -> t.type().toString()).collect(Collectors.joining(", ", " : ", "")));
      if (!node.origin().path().isEmpty()) {
        text.append("  # ").append(node.origin());
      }
      text.append('\n');
      if (node.op() instanceof Op.Scan scan) {
        text.append(print(scan.body()).indent(BODY));
      }
    }
    return text + graph.outputs().stream().map(names::get).collect(Collectors.joining(", ", "return ", "\n"));
  }

  private static String describe(Op op) {
    return switch (op) {
      case Op.Input o -> o.role().name().toLowerCase(java.util.Locale.ROOT) + " '" + o.name() + "'";
      case Op.Literal o -> "literal " + o.value();
      case Op.Iota o -> "iota axis " + o.axis();
      case Op.Reduce o -> op.label() + " axes " + o.axes();
      case Op.ArgMax o -> op.label() + " axis " + o.axis();
      case Op.CumSum o -> op.label() + " axis " + o.axis() + (o.reverse() ? " reverse" : "");
      case Op.Sort o -> op.label() + " axis " + o.axis() + (o.descending() ? " descending" : "");
      case Op.Permute o -> op.label() + " " + o.order();
      case Op.Slice o -> op.label() + " " + o.starts() + " to " + o.limits() + " by " + o.strides();
      case Op.Flip o -> op.label() + " " + o.axes();
      case Op.Pad o -> op.label() + " " + o.low() + " " + o.high() + " " + o.interior() + " with " + o.value();
      case Op.Concat o -> op.label() + " axis " + o.axis();
      case Op.Composite o -> o.name() + " v" + o.version() + " " + new java.util.TreeMap<>(o.attributes());
      case Op.Scan o -> op.label() + " " + o.length() + (o.reverse() ? " reverse" : "") + ", state " + o.carries()
          + ", sequences " + o.sequences();
      default -> op.label();
    };
  }
}
