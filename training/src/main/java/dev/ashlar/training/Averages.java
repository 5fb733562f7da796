package dev.ashlar.training;

import dev.ashlar.program.Variable;
import dev.ashlar.program.VariableStore;
import java.util.List;

/**
 * Moving averages that take the place of the weights while these are measured and kept, and of the running statistics
 * that belong to them.
 */
final class Averages implements AutoCloseable {

  private final List<Variable> averaged;
  private final VariableStore store;
  private final Snapshot weights;
  private boolean entered;

  /** Of those variables that have an average. */
  Averages(List<Variable> variables, VariableStore store) {
    this.store = store;
    this.averaged = variables.stream()
        .filter(Updates::isAveraged)
        .filter(v -> variables.stream().anyMatch(other -> other.name().equals(Updates.average(v.name()))))
        .toList();
    this.weights = new Snapshot(averaged, store);
  }

  /** From now on the model has the averages. */
  void enter() {
    weights.take();
    averaged.forEach(variable -> store.write(variable.name(), store.read(Updates.average(variable.name()))));
    entered = true;
  }

  /** From now on it has the weights again; nothing if it has them. */
  void leave() {
    if (entered) {
      weights.restore();
      entered = false;
    }
  }

  @Override
  public void close() {
    weights.close();
  }
}
