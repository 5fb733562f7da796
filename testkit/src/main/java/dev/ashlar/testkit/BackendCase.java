package dev.ashlar.testkit;

import dev.ashlar.api.Stable;
import dev.ashlar.program.Computation;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A computation to run on a backend and on the reference.
 *
 * @param name group and operation: {@code matmul/17x33x65}
 * @param computation what is run
 * @param arguments by name
 * @param variables values before the run, by name
 */
@Stable
public record BackendCase(
    String name, Computation computation, Map<String, NDArray> arguments, Map<String, NDArray> variables) {

  /** A case of one result from operands, which become arguments. */
  public static BackendCase of(String name, Function<List<Tensor>, Tensor> function, NDArray... operands) {
    return ofMany(name, in -> Tensors.of("result", function.apply(in)), operands);
  }

  /** A case of several results. */
  public static BackendCase ofMany(String name, Function<List<Tensor>, Tensors> function,
      NDArray... operands) {
    List<Tensor> inputs = new ArrayList<>();
    Map<String, NDArray> arguments = new LinkedHashMap<>();
    for (int i = 0; i < operands.length; i++) {
      inputs.add(Tensor.input("x" + i, operands[i].type()));
      arguments.put("x" + i, operands[i]);
    }
    return new BackendCase(name, new Computation(name, function.apply(inputs), List.of()), arguments,
        Map.of());
  }

  @Override
  public String toString() {
    return name;
  }
}
