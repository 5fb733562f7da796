package dev.ashlar.testkit;

import dev.ashlar.api.Stable;
import dev.ashlar.model.Block;
import dev.ashlar.model.Mode;
import dev.ashlar.model.Precision;
import dev.ashlar.model.Trace;
import dev.ashlar.program.Variable;
import dev.ashlar.reference.Reference;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * A block applied to inputs, with a value for all that it reads: evaluated by the reference.
 *
 * @param trace what the block asked for
 * @param inputs symbolic, by name
 * @param outputs symbolic, by name
 * @param values of inputs, of variables before the run, and of the seed
 */
@Stable
public record Trial(Trace trace, Tensors inputs, Tensors outputs, Map<String, NDArray> values) {

  private static final NDArray SEED = NDArray.of(Shape.of(2), 17, 4);

  /**
   * Applies a block at the root of a trace; its variables start as they would in a run.
   *
   * @param arrays inputs by name; floating-point ones are converted to the element type
   */
  public static Trial of(Block block, Mode mode, DType dtype, Map<String, NDArray> arrays) {
    Precision precision = Precision.of(dtype);
    return of(block, mode == Mode.TRAINING ? Trace.training(precision, 100) : Trace.inference(precision),
        arrays);
  }

  /** Applies a block at the root of a given trace. */
  public static Trial of(Block block, Trace trace, Map<String, NDArray> arrays) {
    Map<String, NDArray> values = ExpectedNumbers.cast(arrays, trace.root().precision().compute());
    Tensors inputs = Tensors.empty();
    for (var entry : values.entrySet()) {
      inputs = inputs.with(entry.getKey(), Tensor.input(entry.getKey(), entry.getValue().type()));
    }
    Tensors outputs = trace.root().apply(block, inputs);
    values.put(Trace.SEED, SEED);
    return new Trial(trace, inputs, outputs, values).started();
  }

  private Trial started() {
    List<Variable> variables = trace.variables();
    List<NDArray> starts = Reference.evaluate(variables.stream().map(Variable::start).toList(), values);
    Map<String, NDArray> all = new LinkedHashMap<>(values);
    for (int i = 0; i < starts.size(); i++) {
      all.put(variables.get(i).name(), starts.get(i));
    }
    return new Trial(trace, inputs, outputs, all);
  }

  /** The same with other values of some inputs or variables, converted to their element type. */
  public Trial with(Map<String, NDArray> others) {
    Map<String, NDArray> all = new LinkedHashMap<>(values);
    others.forEach((name, value) -> {
      NDArray before = all.get(name);
      if (before == null) {
        throw new IllegalArgumentException("no input or variable '" + name + "' among " + all.keySet());
      }
      all.put(name, value.cast(before.dtype()));
    });
    return new Trial(trace, inputs, outputs, all);
  }

  /** Values of tensors that depend on the inputs and variables. */
  public List<NDArray> evaluate(List<Tensor> tensors) {
    return Reference.evaluate(tensors, values);
  }

  /** Value of one tensor. */
  public NDArray evaluate(Tensor tensor) {
    return Reference.evaluate(tensor, values);
  }

  /** Values of the outputs, by name. */
  public SequencedMap<String, NDArray> evaluate() {
    return evaluate(outputs);
  }

  /** Values of named tensors. */
  public SequencedMap<String, NDArray> evaluate(Tensors tensors) {
    List<NDArray> arrays = evaluate(tensors.values());
    SequencedMap<String, NDArray> byName = new LinkedHashMap<>();
    tensors.names().forEach(name -> byName.put(name, arrays.get(byName.size())));
    return byName;
  }

  /** What can be differentiated: floating-point inputs, then parameters, by name. */
  public Tensors differentiable() {
    return inputs.filter((name, tensor) -> tensor.dtype().isFloating()).with(trace.parameters());
  }

  /** A scalar that depends on every floating-point element of the outputs differently. */
  public Tensor objective() {
    return outputs.filter((name, tensor) -> tensor.dtype().isFloating()).values().stream()
        .map(output -> Values.project(output, 5))
        .reduce(Tensor::add)
        .orElseThrow(() -> new AssertionError("no output is a floating-point tensor: " + outputs));
  }
}
