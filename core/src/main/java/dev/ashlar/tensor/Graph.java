package dev.ashlar.tensor;

import dev.ashlar.api.Stable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Outputs and all that they depend on. Immutable.
 *
 * @param inputs leaves that are given from outside, in order: for a sub-graph its parameters
 * @param outputs what is computed
 */
@Stable
public record Graph(List<Tensor> inputs, List<Tensor> outputs) {

  /** Copies the lists. */
  public Graph {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  /** A graph with its outputs alone: inputs are whatever leaves are reached. */
  public static Graph of(List<Tensor> outputs) {
    return new Graph(List.of(), outputs);
  }

  /** All nodes that the outputs need, operands before users; the order depends on the graph alone. */
  public List<Node> nodes() {
    List<Node> order = new ArrayList<>();
    Set<Node> done = new HashSet<>();
    Deque<Node> stack = new ArrayDeque<>();
    for (Tensor output : outputs) {
      stack.push(output.node());
      while (!stack.isEmpty()) {
        Node node = stack.peek();
        if (done.contains(node)) {
          stack.pop();
          continue;
        }
        boolean ready = true;
        List<Tensor> operands = node.inputs();
        for (int i = operands.size() - 1; i >= 0; i--) {
          Node operand = operands.get(i).node();
          if (!done.contains(operand)) {
            stack.push(operand);
            ready = false;
          }
        }
        if (ready) {
          stack.pop();
          done.add(node);
          order.add(node);
        }
      }
    }
    return order;
  }

  /** What a pass does with one node. */
  @FunctionalInterface
  public interface Rule {
    /**
     * Replacement of a node.
     *
     * @param node as it was
     * @param op its operation on the rewritten operands
     * @return one tensor for each output of the node; null to apply {@code op} unchanged
     */
    @Nullable List<Tensor> rewrite(Node node, Op op);
  }

  /**
   * Rebuilds the graph, operands first. Equal operations become one (common sub-expressions), and
   * what nothing needs is left behind.
   */
  public Graph rewrite(Rule rule) {
    Map<Tensor, Tensor> replaced = new IdentityHashMap<>();
    Map<Op, List<Tensor>> known = new HashMap<>();
    for (Node node : nodes()) {
      Op op = substitute(node, replaced);
      List<Tensor> results = rule.rewrite(node, op);
      if (results == null && op instanceof Op.Input o && o.role() == Op.Role.PARAMETER) {
        results = node.outputs(); // bodies within bodies have parameters of equal names
      } else if (results == null) {
        results =
            known.computeIfAbsent(
                op, o -> o == node.op() ? node.outputs() : node.with(o).outputs());
      }
      for (int i = 0; i < results.size(); i++) {
        replaced.put(node.output(i), results.get(i));
      }
    }
    return new Graph(
        inputs.stream().map(t -> replaced.getOrDefault(t, t)).toList(),
        outputs.stream().map(replaced::get).toList());
  }

  /** The outputs with values in place of some tensors. */
  public List<Tensor> substitute(Map<Tensor, Tensor> values) {
    return rewrite((node, op) -> {
      if (node.outputs().stream().noneMatch(values::containsKey)) {
        return null;
      }
      List<Tensor> same = op == node.op() ? node.outputs() : node.with(op).outputs();
      return node.outputs().stream()
          .map(t -> values.getOrDefault(t, same.get(t.output())))
          .toList();
    }).outputs();
  }

  /** The outputs of this sub-graph for the given values of its inputs. */
  public List<Tensor> inline(List<Tensor> operands) {
    Map<Tensor, Tensor> values = new IdentityHashMap<>();
    for (int i = 0; i < inputs.size(); i++) {
      values.put(inputs.get(i), operands.get(i));
    }
    return substitute(values);
  }

  /**
   * Whether another graph computes the same of its inputs: equal operations in the same places. Leaves that are no
   * inputs of theirs must be one and the same.
   */
  public boolean computesLike(Graph other) {
    if (this == other) {
      return true;
    }
    List<Node> nodes = nodes();
    List<Node> others = other.nodes();
    if (inputs.size() != other.inputs.size() || nodes.size() != others.size()) {
      return false;
    }
    Map<Tensor, Tensor> pairs = new IdentityHashMap<>();
    for (int i = 0; i < inputs.size(); i++) {
      pairs.put(inputs.get(i), other.inputs.get(i));
    }
    for (int i = 0; i < nodes.size(); i++) {
      if (!pair(nodes.get(i), others.get(i), pairs)) {
        return false;
      }
    }
    return outputs.stream().map(pairs::get).toList().equals(other.outputs);
  }

  /** Whether two nodes compute the same of operands that do; if so, their outputs are paired. */
  private static boolean pair(Node node, Node other, Map<Tensor, Tensor> pairs) {
    Tensor input = pairs.get(node.output(0));
    if (input != null) {
      return input.node() == other && input.type().equals(node.output(0).type());
    }
    boolean alike = node == other
        || !(node.op() instanceof Op.Input) && substitute(node, pairs).equals(other.op());
    for (int i = 0; alike && i < node.outputs().size(); i++) {
      pairs.put(node.output(i), other.output(i));
    }
    return alike;
  }

  private static Op substitute(Node node, Map<Tensor, Tensor> replaced) {
    List<Tensor> operands = node.inputs();
    List<Tensor> results = null;
    for (int i = 0; i < operands.size(); i++) {
      Tensor before = operands.get(i);
      Tensor after = replaced.getOrDefault(before, before);
      if (after != before && results == null) {
        results = new ArrayList<>(operands);
      }
      if (results != null) {
        results.set(i, after);
      }
    }
    return results == null ? node.op() : node.op().withInputs(results);
  }

  /** One line a node, operands by number: for reading and for golden tests. */
  @Override
  public String toString() {
    return GraphPrinter.print(this);
  }
}
