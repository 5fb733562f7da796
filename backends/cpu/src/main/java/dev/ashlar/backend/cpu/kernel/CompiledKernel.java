package dev.ashlar.backend.cpu.kernel;

/**
 * A kernel made ready to run by an {@link Emitter}. Safe for use by several threads at once, each with its own
 * arguments. Running allocates nothing once it is warm.
 */
@FunctionalInterface
public interface CompiledKernel {

  /**
   * Runs the kernel on these arguments, which were made for it.
   *
   * @throws IndexOutOfBoundsException if the emitter checks accesses and one leaves its buffer
   */
  void run(Arguments arguments);
}
