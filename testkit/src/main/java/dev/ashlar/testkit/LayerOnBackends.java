package dev.ashlar.testkit;

import dev.ashlar.autodiff.Gradients;
import dev.ashlar.config.BindResult;
import dev.ashlar.config.Binder;
import dev.ashlar.config.Implementation;
import dev.ashlar.config.NameResolver;
import dev.ashlar.config.Value;
import dev.ashlar.model.Mode;
import dev.ashlar.model.Trace;
import dev.ashlar.plugin.Registry;
import dev.ashlar.program.Backend;
import dev.ashlar.program.BackendFactory;
import dev.ashlar.program.Computation;
import dev.ashlar.program.OperationKernel;
import dev.ashlar.program.Program;
import dev.ashlar.program.Variable;
import dev.ashlar.program.VariableStore;
import dev.ashlar.reference.ReferenceBackend;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Tensors;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether a layer is the same on the backends at hand as by the reference: outputs, gradients and what it keeps, in
 * single precision, as one program that a backend may fuse as it likes.
 */
record LayerOnBackends(LayerExample example, NameResolver names) {

  /** f32 results of the same maths in another order. */
  private static final double ROUNDING = 1e-4;

  /** Backends but the reference that need no settings, by their names. */
  Map<String, BackendFactory> others() {
    Map<String, BackendFactory> others = new LinkedHashMap<>();
    for (Implementation found : names.implementations(BackendFactory.class).orElse(List.of())) {
      Value name = Value.of(found.qualifiedName());
      if (new Binder(names, Path.of("")).bind(name, BackendFactory.class)
          instanceof BindResult.Bound<BackendFactory>(BackendFactory factory) && !isReference(factory)) {
        others.put(found.qualifiedName(), factory);
      }
    }
    return others;
  }

  private static boolean isReference(BackendFactory factory) {
    try (Backend backend = factory.open()) {
      return backend instanceof ReferenceBackend;
    }
  }

  void check() {
    for (Mode mode : Mode.values()) {
      Trial trial = Trial.of(example.block(), mode, DType.F32, example.inputs());
      Tensors wanted = wanted(trial);
      Computation computation = new Computation("layer", wanted, trial.trace().variables());
      Map<String, NDArray> expected = trial.evaluate(wanted);
      others().forEach((name, factory) -> run(factory, computation, trial).forEach((result, found) ->
          ExpectedNumbers.assertClose(result + " in " + mode + " on " + name + ", beside the reference", found,
              expected.get(result), ROUNDING)));
    }
  }

  private static Tensors wanted(Trial trial) {
    Tensors wanted = trial.outputs();
    for (Variable variable : trial.trace().variables()) {
      if (variable.isUpdated()) {
        wanted = wanted.with("'" + variable.name() + "' after a run", variable.after());
      }
    }
    if (trial.outputs().values().stream().anyMatch(output -> output.dtype().isFloating())) {
      Tensors gradients = Gradients.of(trial.objective(), trial.differentiable());
      for (String name : gradients.names()) {
        wanted = wanted.with("the gradient of '" + name + "'", gradients.get(name));
      }
    }
    return wanted;
  }

  private Map<String, NDArray> run(BackendFactory factory, Computation computation, Trial trial) {
    List<OperationKernel> kernels = names instanceof Registry plugins ? plugins.kernels() : List.of();
    try (Backend backend = factory.open(kernels); VariableStore store = backend.newStore()) {
      Program initialize = backend.compile(Computation.initialize(computation.variables()));
      initialize.run(store, initialize.arguments().isEmpty() ? Map.of()
          : Map.of(Trace.SEED, trial.values().get(Trace.SEED)));
      for (Variable variable : computation.variables()) {
        store.write(variable.name(), trial.values().get(variable.name()));
      }
      Program program = backend.compile(computation);
      Map<String, NDArray> arguments = new LinkedHashMap<>();
      program.arguments().keySet().forEach(name -> arguments.put(name, trial.values().get(name)));
      return program.run(store, arguments);
    }
  }
}
