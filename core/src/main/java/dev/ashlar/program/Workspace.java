package dev.ashlar.program;

import dev.ashlar.api.Stable;
import dev.ashlar.tensor.NDArray;

/**
 * Memory for one caller of a {@link Program}: write the arguments, run, read the results. A warm run
 * allocates nothing on the heap. Not thread-safe.
 */
@Stable
public interface Workspace extends AutoCloseable {

  /**
   * The array to write an argument into. It keeps its contents between runs.
   *
   * @throws IllegalArgumentException if there is no such argument
   */
  NDArray argument(String name);

  /** Computes the results, then updates the variables. */
  void run();

  /**
   * A result of the last run, overwritten by the next.
   *
   * @throws IllegalArgumentException if there is no such result
   */
  NDArray result(String name);

  /** Gives the memory back; waits for a run in progress. */
  @Override
  void close();
}
