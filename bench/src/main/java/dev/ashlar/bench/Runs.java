package dev.ashlar.bench;

import dev.ashlar.program.Backend;
import dev.ashlar.program.Computation;
import dev.ashlar.program.Program;
import dev.ashlar.program.Variable;
import dev.ashlar.program.VariableStore;
import dev.ashlar.program.Workspace;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A computation compiled, its variables given first values, its arguments drawn. */
final class Runs implements Workload.Prepared {

  private final VariableStore store;
  private final Workspace workspace;

  /**
   * Prepares a run of one program over and over.
   *
   * @param limits for integer arguments by name: numbers are drawn below; floating ones are normal
   */
  Runs(Backend backend, Computation computation, Map<String, Integer> limits) {
    store = initialized(backend, computation.variables());
    Program program = backend.compile(computation);
    workspace = program.open(store);
    Random random = new Random(0);
    program.arguments().forEach((name, type) -> fill(workspace.argument(name), limits.getOrDefault(name, 0), random));
  }

  /** A store in which these variables have their first values. */
  static VariableStore initialized(Backend backend, List<Variable> variables) {
    VariableStore store = backend.newStore();
    if (!variables.isEmpty()) {
      Program initialize = backend.compile(Computation.initialize(variables));
      Map<String, NDArray> seed = initialize.arguments().isEmpty() ? Map.of() : Map.of("seed", NDArray.of(Shape.of(2), 1, 0));
      initialize.run(store, seed);
    }
    return store;
  }

  static void fill(NDArray array, int limit, Random random) {
    for (long i = 0; i < array.size(); i++) {
      if (array.dtype() == DType.I32) {
        array.setLong(i, limit > 0 ? random.nextInt(limit) : 0);
      } else {
        array.set(i, limit < 0 ? 1 : random.nextGaussian());
      }
    }
  }

  @Override
  public void run() {
    workspace.run();
  }

  @Override
  public void close() {
    workspace.close();
    store.close();
  }
}
