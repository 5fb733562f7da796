package dev.ashlar.program;

import dev.ashlar.api.Stable;
import dev.ashlar.tensor.Graph;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Stream;

/**
 * What a program computes: named results, and variables before and after. All results and all
 * values after are functions of the arguments and the variables before the run.
 *
 * @param name for messages and profiles: {@code step}, {@code predict}
 * @param results what the caller gets
 * @param variables everything that is read or updated
 */
@Stable
public record Computation(String name, Tensors results, List<Variable> variables) {

  /** Copies the list. */
  public Computation {
    variables = List.copyOf(variables);
  }

  /** The program that gives variables their first values; its one argument is {@code seed}, i32[2]. */
  public static Computation initialize(List<Variable> variables) {
    return new Computation(
        "initialize", Tensors.empty(), variables.stream().map(v -> v.withAfter(v.start())).toList());
  }

  /** The whole graph: results first, then the updated variables, in order. */
  public Graph graph() {
    List<Tensor> outputs = new ArrayList<>(results.values());
    variables.stream().filter(Variable::isUpdated).map(Variable::after).forEach(outputs::add);
    return Graph.of(outputs);
  }

  /** Arguments that the graph needs, by name, in the order in which they are first used. */
  public SequencedMap<String, TensorType> arguments() {
    SequencedMap<String, TensorType> arguments = new LinkedHashMap<>();
    inputs(Op.Role.ARGUMENT).forEach(input -> {
      TensorType other = arguments.putIfAbsent(input.name(), input.type());
      if (other != null && !other.equals(input.type())) {
        throw new IllegalArgumentException(
            "argument '" + input.name() + "' is used as " + other + " and as " + input.type());
      }
    });
    return arguments;
  }

  /** The variables whose value before the run matters, by name. */
  public Map<String, Variable> reads() {
    Map<String, Variable> byName = new LinkedHashMap<>();
    variables.forEach(v -> byName.put(v.name(), v));
    Map<String, Variable> reads = new LinkedHashMap<>();
    inputs(Op.Role.VARIABLE).forEach(input -> {
      Variable variable = byName.get(input.name());
      if (variable == null) {
        throw new IllegalArgumentException(
            "program '" + name + "' reads '" + input.name() + "', which is not among its variables");
      }
      reads.put(input.name(), variable);
    });
    return reads;
  }

  /** This computation after a pass over its graph: same names, same types. */
  public Computation withGraph(Graph graph) {
    int[] next = {0};
    Tensors newResults = results.map((n, t) -> graph.outputs().get(next[0]++));
    List<Variable> newVariables = variables.stream()
        .map(v -> v.isUpdated() ? v.withAfter(graph.outputs().get(next[0]++)) : v)
        .toList();
    return new Computation(name, newResults, newVariables);
  }

  private Stream<Op.Input> inputs(Op.Role role) {
    return graph().nodes().stream()
        .map(node -> node.op())
        .filter(Op.Input.class::isInstance)
        .map(Op.Input.class::cast)
        .filter(input -> input.role() == role);
  }
}
