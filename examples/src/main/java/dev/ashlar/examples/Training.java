package dev.ashlar.examples;

import dev.ashlar.model.Objectives;
import dev.ashlar.model.Optimizer;
import dev.ashlar.model.Trace;
import dev.ashlar.program.Backend;
import dev.ashlar.program.Computation;
import dev.ashlar.program.Variable;
import dev.ashlar.program.VariableStore;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.Tensors;
import java.util.List;
import java.util.Map;

/**
 * What a training loop of one's own needs, where there is more than one model, or a loss that is no comparison with a
 * target: a step is a program, and programs that work on the same parameters share a store.
 */
final class Training {

  private Training() {}

  /**
   * One update of the parameters in some part of a model. Result: {@code loss}.
   *
   * @param part the scope whose parameters are improved; all others stay
   * @param loss what is made small, a scalar traced with {@code trace}
   */
  static Computation step(String part, Tensor loss, Optimizer optimizer, Trace trace) {
    Tensors parameters = trace.parameters().filter((path, value) -> path.startsWith(part + "."));
    var scope = trace.root().child("optimizer_of_" + part);
    trace.update(optimizer.step(parameters, Objectives.of(loss, parameters), scope));
    trace.step().set(trace.step().value().add(1));
    return new Computation("step_of_" + part, Tensors.of("loss", loss), trace.variables());
  }

  /** Gives first values to the variables of a computation that have none yet. */
  static void initialize(VariableStore store, Backend backend, int seed, Computation computation) {
    List<Variable> missing = computation.variables().stream()
        .filter(variable -> !store.types().containsKey(variable.name())).toList();
    NDArray seeds = NDArray.of(Shape.of(2), seed, 0);
    backend.compile(Computation.initialize(missing)).run(store, Map.of(Trace.SEED, seeds));
  }
}
