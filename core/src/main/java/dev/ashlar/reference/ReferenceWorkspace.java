package dev.ashlar.reference;

import dev.ashlar.program.NotANumberException;
import dev.ashlar.program.Variable;
import dev.ashlar.program.Workspace;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Node;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.TensorType;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** Arguments and results of one caller. */
final class ReferenceWorkspace implements Workspace {

  private final ReferenceProgram program;
  private final HostStore store;
  private final Map<String, NDArray> arguments;
  private final Map<String, NDArray> results;
  private boolean closed;

  ReferenceWorkspace(ReferenceProgram program, HostStore store) {
    this.program = program;
    this.store = store;
    this.arguments = zeros(program.arguments());
    this.results = zeros(program.results());
  }

  private static Map<String, NDArray> zeros(SequencedMap<String, TensorType> types) {
    Map<String, NDArray> arrays = new LinkedHashMap<>();
    types.forEach((name, type) -> arrays.put(name, NDArray.zeros(type)));
    return arrays;
  }

  @Override
  public NDArray argument(String name) {
    return find(arguments, name, "argument");
  }

  @Override
  public NDArray result(String name) {
    return find(results, name, "result");
  }

  private NDArray find(Map<String, NDArray> arrays, String name, String what) {
    NDArray array = arrays.get(name);
    if (array == null) {
      throw new IllegalArgumentException(
          "program '" + program.name() + "' has no " + what + " '" + name + "', only " + arrays.keySet());
    }
    return array;
  }

  @Override
  public synchronized void run() {
    if (closed) {
      throw new IllegalStateException("this workspace of program '" + program.name() + "' is closed");
    }
    if (program.checked) {
      program.lookups.check(this);
    }
    List<String> written = program.updated.stream().map(Variable::name).toList();
    program.backend.whileOpen(() -> store.running(written, this::compute));
  }

  /** Everything is computed from the values before, and only then stored. */
  private void compute() {
    List<NDArray> values = Reference.evaluate(
        program.graph.outputs(), this::input, program.checked ? this::check : Observer.NONE);
    int next = 0;
    for (NDArray result : results.values()) {
      result.data().copyFrom(values.get(next++).data());
    }
    for (Variable variable : program.updated) {
      store.set(variable.name(), values.get(next++));
    }
  }

  private NDArray input(Op.Input input) {
    return switch (input.role()) {
      case ARGUMENT -> argument(input.name());
      case VARIABLE -> store.get(input.name());
      case PARAMETER -> throw new IllegalStateException(
          "program '" + program.name() + "' uses '" + input.name()
              + "', the parameter of a sub-graph, outside it");
    };
  }

  private void check(Node node, List<NDArray> computed) {
    if (Double.isNaN(node.output(0).literalOr(0))) {
      return; // Meant, such as for a target that is no class: wrong only where something takes it.
    }
    for (NDArray array : computed) {
      for (long i = 0; array.dtype().isFloating() && i < array.size(); i++) {
        if (Double.isNaN(array.get(i))) {
          String operation = node.op() instanceof Op.Input input
              ? (input.role() == Op.Role.VARIABLE ? "variable '" : "argument '") + input.name() + "'"
              : node.op().label();
          throw new NotANumberException(program.name(), operation, node.origin(), element(array.type(), i));
        }
      }
    }
  }

  private static String element(TensorType type, long at) {
    int[] index = new int[type.shape().rank()];
    long rest = at;
    for (int axis = index.length - 1; axis >= 0; axis--) {
      index[axis] = (int) (rest % type.shape().dim(axis));
      rest /= type.shape().dim(axis);
    }
    return Arrays.toString(index) + " of " + type;
  }

  @Override
  public synchronized void close() {
    closed = true;
  }
}
