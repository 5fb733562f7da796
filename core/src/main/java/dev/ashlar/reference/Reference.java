package dev.ashlar.reference;

import dev.ashlar.api.Experimental;
import dev.ashlar.tensor.Graph;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.Tensor;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;

/** Evaluates tensors at once, without compiling: for tests, for small jobs and for looking at values. */
@Experimental(since = "0.1")
public final class Reference {

  private Reference() {}

  /**
   * Values of tensors.
   *
   * @param arguments values of the inputs that are reached, by name, whatever their role
   * @return fresh arrays, one for each output
   * @throws IllegalArgumentException if an input has no value
   * @throws ShapeException if a value is not of its input's type
   */
  public static List<NDArray> evaluate(List<Tensor> outputs, Map<String, NDArray> arguments) {
    return evaluate(outputs, byName(arguments), Observer.NONE);
  }

  /** Value of one tensor; see {@link #evaluate(List, Map)}. */
  public static NDArray evaluate(Tensor output, Map<String, NDArray> arguments) {
    return evaluate(List.of(output), arguments).getFirst();
  }

  /** Value of a tensor that depends on no input. */
  public static NDArray evaluate(Tensor output) {
    return evaluate(output, Map.of());
  }

  /**
   * Outputs of a graph for values of its inputs.
   *
   * @param operands one for each input of the graph, in order
   * @return fresh arrays, one for each output
   */
  public static List<NDArray> evaluate(Graph graph, List<NDArray> operands) {
    if (operands.size() != graph.inputs().size()) {
      throw new IllegalArgumentException(
          "a graph of " + graph.inputs().size() + " inputs was given " + operands.size() + " values");
    }
    Map<Tensor, NDArray> values = new IdentityHashMap<>();
    for (int i = 0; i < operands.size(); i++) {
      values.put(graph.inputs().get(i), operands.get(i));
    }
    return copies(new Evaluation(byName(Map.of()), Observer.NONE).run(graph, values));
  }

  static List<NDArray> evaluate(
      List<Tensor> outputs, Function<Op.Input, NDArray> inputs, Observer observer) {
    return copies(new Evaluation(inputs, observer).run(Graph.of(outputs), new IdentityHashMap<>()));
  }

  private static Function<Op.Input, NDArray> byName(Map<String, NDArray> arguments) {
    return input -> {
      NDArray value = arguments.get(input.name());
      if (value == null) {
        throw new IllegalArgumentException(
            "no value for input '" + input.name() + "' " + input.type() + " among "
                + new TreeSet<>(arguments.keySet()));
      }
      if (!value.type().equals(input.type())) {
        throw new ShapeException(
            "input '" + input.name() + "'", input.type().toString(), value.type().toString());
      }
      return value;
    };
  }

  /** What is handed out is nobody else's: neither an argument nor a constant of the graph. */
  private static List<NDArray> copies(List<NDArray> values) {
    return values.stream().map(NDArray::copy).toList();
  }
}
