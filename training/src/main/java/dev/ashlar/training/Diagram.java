package dev.ashlar.training;

import dev.ashlar.api.Experimental;
import dev.ashlar.model.Block;
import dev.ashlar.model.Precision;
import dev.ashlar.model.Trace;
import dev.ashlar.tensor.TensorType;
import java.util.List;
import java.util.Map;

/**
 * What a model consists of and how its parts hang together, found by tracing it as {@link Summary} does; nothing is
 * run. Parts that follow each other and are alike are drawn once.
 *
 * @param whole the model
 * @param parameters trained numbers in all
 * @param state numbers that are saved but not trained, such as running statistics
 * @param flops floating-point operations for one example
 */
@Experimental(since = "0.1")
public record Diagram(Node whole, long parameters, long state, double flops) {

  /** What a node is that stands for a value given to the part around it, by {@link Node#kind}. */
  public static final String INPUT = "input";

  /** What a node is that stands for a value that the part around it gives. */
  public static final String OUTPUT = "output";

  /** What a node is that is no part but arithmetic between parts; its name says which. */
  public static final String OPERATION = "operation";

  /**
   * A part, or an end of the part around it, or arithmetic between parts.
   *
   * @param id that edges call it by, unique among the nodes of the part around it
   * @param name of the part within the one around it
   * @param kind of the part, or one of the kinds above
   * @param output types with the batch as {@code *}
   * @param parameters trained numbers, those of its parts included
   * @param flops floating-point operations for one example, those of its parts included
   * @param times how many of its like follow each other here, each taking what the one before gives
   * @param nodes its parts and its ends; none if it has no parts
   * @param edges between these
   */
  public record Node(String id, String name, String kind, String output, long parameters, double flops, int times,
      List<Node> nodes, List<Edge> edges) {

    /** Copies the lists. */
    public Node {
      nodes = List.copyOf(nodes);
      edges = List.copyOf(edges);
    }

    static Node end(String id, String name, String kind, String output) {
      return new Node(id, name, kind, output, 0, 0, 1, List.of(), List.of());
    }

    static Node of(String id, String kind, String output, List<Node> nodes, List<Edge> edges) {
      return new Node(id, "", kind, output, nodes.stream().mapToLong(Node::parameters).sum(),
          nodes.stream().mapToDouble(Node::flops).sum(), 1, nodes, edges);
    }

    Node called(String otherId, String otherName) {
      return new Node(otherId, otherName, kind, output, parameters, flops, times, nodes, edges);
    }

    Node times(int count) {
      return new Node(id, name, kind, output, parameters * count, flops * count, count, nodes, edges);
    }
  }

  /** What one node gives and another takes. */
  public record Edge(String from, String to) {}

  /**
   * Of a model.
   *
   * @param inputs types of one example, by name; targets and weights are passed over
   */
  public static Diagram of(Block model, Precision precision, Map<String, TensorType> inputs) {
    return of(Summary.traced(model, Trace.inference(precision), inputs));
  }

  private static Diagram of(Summary.Traced traced) {
    Summary summary = Summary.of(traced);
    return new Diagram(new Drawing(traced, summary).whole(), summary.parameters(), summary.state(), summary.flops());
  }
}
