package dev.ashlar.program;

import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.TensorType;
import java.util.SequencedMap;

/**
 * Values of variables, by name, in a backend's own memory. Any number of programs read one store at
 * the same time; a program that updates variables runs alone.
 */
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
   * A store for one session: reads these variables and shares them; variables that it creates are
   * its own and go when it is closed.
   */
  VariableStore overlay();

  /** Frees the values. */
  @Override
  void close();
}
