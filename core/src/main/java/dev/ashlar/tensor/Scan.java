package dev.ashlar.tensor;

import dev.ashlar.api.Experimental;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * State and outputs of a loop over the entries of sequences ({@link Op.Scan}): of one step, as the step gives them, or
 * of all steps, as {@link #over} does.
 *
 * @param state what the next step begins with; after all steps, what the last one left
 * @param outputs of one step; of all steps, with a leading axis: entry t is that of entry t of the sequences
 */
@Experimental(since = "0.1")
public record Scan(List<Tensor> state, List<Tensor> outputs) {

  /** Copies the lists. */
  public Scan {
    state = List.copyOf(state);
    outputs = List.copyOf(outputs);
  }

  /** What happens to one entry. */
  @FunctionalInterface
  public interface Step {
    /**
     * One step. Other tensors may be used too: what depends on neither state nor entries is computed once, before.
     *
     * @param state stand-ins for the state before
     * @param entries stand-ins for one entry of each sequence, without the leading axis
     * @return the state after it, of the same types, and what is to be kept of this step
     */
    Scan of(List<Tensor> state, List<Tensor> entries);
  }

  /**
   * Runs a step for each entry of sequences, from the first to the last.
   *
   * @param state before the first step
   * @param sequences one or more, with leading axes of one extent
   * @return the state after the last step, and the outputs of all steps
   * @throws ShapeException if the leading axes differ, or the state does not keep its types
   */
  public static Scan over(List<Tensor> state, List<Tensor> sequences, Step step) {
    return over(state, sequences, false, step);
  }

  /** The same; from the last to the first if {@code reverse}. Outputs lie in the order of the sequences either way. */
  public static Scan over(List<Tensor> state, List<Tensor> sequences, boolean reverse, Step step) {
    List<TensorType> types = sequences.stream().map(Tensor::type).toList();
    boolean fits = !types.isEmpty() && types.stream().allMatch(type -> type.shape().rank() > 0)
        && types.stream().map(type -> type.shape().dim(0)).distinct().count() == 1;
    if (!fits) {
      throw new ShapeException("scan", "one or more sequences with leading axes of one extent", types.toString());
    }
    List<Tensor> before = parameters("state", state.stream().map(Tensor::type).toList());
    List<Tensor> entries = parameters("entry", types.stream()
        .map(type -> type.withShape(type.shape().remove(0))).toList());
    Scan after = step.of(before, entries);
    if (after.state.size() != state.size()) { // an output would be taken for state
      throw new ShapeException("scan", "a next state of " + state.size() + " tensors", after.state.size() + " of them");
    }
    List<Tensor> outer = new ArrayList<>(state);
    outer.addAll(sequences);
    List<Tensor> inner = new ArrayList<>(before);
    inner.addAll(entries);
    List<Tensor> results = new ArrayList<>(after.state);
    results.addAll(after.outputs);
    return closed(types.getFirst().shape().dim(0), reverse, outer, inner, results, state.size());
  }

  /**
   * A loop over a body that is not closed yet: what it uses beside its parameters, and what follows from that alone, is
   * computed before it and becomes a constant.
   *
   * @param operands the state before the first step, then the sequences
   * @param parameters of the body, one for each operand
   * @param results of the body: the next state, then outputs
   * @param carries number of tensors in the state
   */
  public static Scan closed(int length, boolean reverse, List<Tensor> operands, List<Tensor> parameters,
      List<Tensor> results, int carries) {
    Map<Tensor, Tensor> captured = captured(parameters, results);
    List<Tensor> all = new ArrayList<>(operands);
    all.addAll(captured.keySet());
    List<Tensor> inputs = new ArrayList<>(parameters);
    inputs.addAll(captured.values());
    Graph body = new Graph(inputs, new Graph(inputs, results).substitute(new IdentityHashMap<>(captured)));
    List<Tensor> outputs = Node.of(
        new Op.Scan(length, reverse, carries, operands.size() - carries, all, body)).outputs();
    return new Scan(outputs.subList(0, carries), outputs.subList(carries, outputs.size()));
  }

  /** What a body uses from outside, each with the parameter that stands for it. */
  private static Map<Tensor, Tensor> captured(List<Tensor> parameters, List<Tensor> results) {
    Set<Node> inside = new HashSet<>();
    parameters.forEach(parameter -> inside.add(parameter.node()));
    Map<Node, Boolean> plain = new HashMap<>();
    Map<Tensor, Tensor> captured = new LinkedHashMap<>();
    for (Node node : Graph.of(results).nodes()) {
      plain.put(node, isPlain(node, plain));
      if (node.inputs().stream().anyMatch(operand -> inside.contains(operand.node()))) {
        inside.add(node);
        node.inputs().forEach(operand -> capture(operand, inside, plain, captured));
      }
    }
    results.forEach(result -> capture(result, inside, plain, captured));
    return captured;
  }

  private static void capture(Tensor tensor, Set<Node> inside, Map<Node, Boolean> plain, Map<Tensor, Tensor> captured) {
    if (!inside.contains(tensor.node()) && !plain.getOrDefault(tensor.node(), false)) {
      captured.computeIfAbsent(tensor, t -> parameter("constant" + captured.size(), t.type()));
    }
  }

  /** Whether a node only repeats a number or counts: cheaper to make than to read. */
  private static boolean isPlain(Node node, Map<Node, Boolean> plain) {
    return switch (node.op()) {
      case Op.Literal _, Op.Iota _ -> true;
      case Op.Reshape o -> plain.getOrDefault(o.x().node(), false);
      case Op.Broadcast o -> plain.getOrDefault(o.x().node(), false);
      case Op.Cast o -> plain.getOrDefault(o.x().node(), false);
      default -> false;
    };
  }

  private static List<Tensor> parameters(String name, List<TensorType> types) {
    List<Tensor> parameters = new ArrayList<>();
    types.forEach(type -> parameters.add(parameter(name + parameters.size(), type)));
    return parameters;
  }

  private static Tensor parameter(String name, TensorType type) {
    return Tensor.apply(new Op.Input(Op.Role.PARAMETER, name, type));
  }
}
