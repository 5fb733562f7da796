package dev.ashlar.training;

import dev.ashlar.program.Variable;
import dev.ashlar.program.VariableStore;
import dev.ashlar.tensor.NDArray;
import java.lang.foreign.Arena;

/** A look at a variable's value: one value at a time is in memory, and no longer than it is looked at. */
final class Glance {

  private static final long ALIGNMENT = 64;

  private Glance() {}

  /** Looks at a value, which must not be kept. */
  interface Look<T, E extends Exception> {
    T at(NDArray value) throws E;
  }

  static <T, E extends Exception> T of(Variable variable, VariableStore store, Look<T, E> look) throws E {
    try (Arena arena = Arena.ofConfined()) {
      NDArray value = NDArray.wrap(variable.type(), arena.allocate(variable.type().bytes(), ALIGNMENT));
      store.read(variable.name(), value);
      return look.at(value);
    }
  }
}
