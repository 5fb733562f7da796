package dev.ashlar.training;

import dev.ashlar.program.Variable;
import dev.ashlar.program.VariableStore;
import dev.ashlar.tensor.NDArray;
import java.lang.foreign.Arena;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Values of some variables as they once were. The memory is taken when the first are kept, and given back at the end.
 */
final class Snapshot implements AutoCloseable {

  private static final long ALIGNMENT = 64;

  private final List<Variable> variables;
  private final VariableStore store;
  private final Arena arena = Arena.ofShared();
  private final Map<String, NDArray> values = new LinkedHashMap<>();
  private boolean isTaken;

  Snapshot(List<Variable> variables, VariableStore store) {
    this.variables = variables;
    this.store = store;
  }

  /** Keeps the values as they are now, instead of those that were kept before. */
  void take() {
    for (Variable variable : variables) {
      store.read(variable.name(), place(variable));
    }
    isTaken = true;
  }

  /** Keeps these values instead, by name. */
  void keep(Map<String, NDArray> others) {
    for (Variable variable : variables) {
      NDArray other = others.get(variable.name());
      if (other == null || !other.type().equals(variable.type())) {
        throw new IllegalArgumentException("no value for " + variable.name() + " among " + others.keySet());
      }
      place(variable).data().copyFrom(other.data());
    }
    isTaken = true;
  }

  private NDArray place(Variable variable) {
    return values.computeIfAbsent(variable.name(), name ->
        NDArray.wrap(variable.type(), arena.allocate(variable.type().bytes(), ALIGNMENT)));
  }

  /** Whether values are kept. */
  boolean isTaken() {
    return isTaken;
  }

  /** A value that was kept; it lies here. */
  NDArray value(String name) {
    NDArray value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("'" + name + "' is not kept, only " + values.keySet());
    }
    return value;
  }

  /** The values are good as they are: nothing to go back to. */
  void drop() {
    isTaken = false;
  }

  /** Gives the variables the values that were kept, if any were. */
  void restore() {
    if (isTaken) {
      values.forEach(store::write);
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}
