package dev.ashlar.program;

import dev.ashlar.api.Experimental;

/**
 * Is told how long pieces of a program's work take. What cannot be told apart is one piece: a kernel may be many
 * operations.
 *
 * @see Backend#profile
 */
@Experimental(since = "0.1")
public interface Profiler {

  /**
   * A piece of work that is done each time a program runs.
   *
   * @param program its name
   * @param kernel what is done
   * @param layer path of the part of the model that asked for it; empty outside the model
   * @param flops floating-point operations, roughly
   * @param bytes read and written, roughly
   */
  record Work(String program, String kernel, String layer, double flops, double bytes) {}

  /** Takes the times of one piece of work; one thread at a time, not always the same. */
  @FunctionalInterface
  interface Timer {
    /**
     * The calling thread has done the work.
     *
     * @param start {@link System#nanoTime} before
     * @param end {@link System#nanoTime} after
     */
    void add(long start, long end);
  }

  /** A piece of work that will be done. Thread-safe. */
  Timer timer(Work work);
}
