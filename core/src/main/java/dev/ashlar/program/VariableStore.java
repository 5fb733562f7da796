package dev.ashlar.program;

import dev.ashlar.api.Stable;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.TensorType;
import java.util.SequencedMap;

/**
 * Values of variables, by name, in a backend's own memory. Any number of programs read one store at
 * the same time; a program that updates variables runs alone.
 */
@Stable
public interface VariableStore extends AutoCloseable {

  /** Names and types of the variables that have a value, in the order of their creation. */
  SequencedMap<String, TensorType> types();

  /**
   * A copy of a value.
   *
   * @throws IllegalArgumentException if there is no such variable
   */
  NDArray read(String name);

  /**
   * Copies a value into an array of its type.
   *
   * @throws IllegalArgumentException if there is no such variable
   */
  default void read(String name, NDArray into) {
    into.data().copyFrom(read(name).data());
  }

  /**
   * Sets a value, creating the variable if need be.
   *
   * @throws dev.ashlar.tensor.ShapeException if the variable exists with another type
   */
  void write(String name, NDArray value);

  /**
   * Sets a value that is read where it lies, without a copy: memory that may not be written to, such as a mapped file,
   * at any alignment. It must not change. The store keeps it reachable; memory of an arena that is closed must not be,
   * as long as a run over this store is in progress, and is refused by later ones. Nothing is ever written there: a
   * program that changes the variable, and {@link #write}, give it memory of the store's own first. A backend that
   * cannot read it in place copies it.
   *
   * <p>A mapped file may be replaced meanwhile (a new file under the old name), but not changed or cut short in place:
   * whatever reads beyond the new end of a file is ended by the system, and the process with it.
   *
   * @throws dev.ashlar.tensor.ShapeException if the variable exists with another type
   */
  default void adopt(String name, NDArray value) {
    write(name, value);
  }

  /**
   * A store for one session: reads these variables and shares them; variables that it creates are
   * its own and go when it is closed.
   */
  VariableStore overlay();

  /** Frees the values. */
  @Override
  void close();
}
