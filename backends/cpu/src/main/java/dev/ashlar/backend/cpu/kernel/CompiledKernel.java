package dev.ashlar.backend.cpu.kernel;

/** A kernel that can run. Safe for use by several threads, each with arguments of its own. */
@FunctionalInterface
public interface CompiledKernel {

  /** Runs the kernel; allocates nothing if it was emitted. */
  void run(Arguments arguments);
}
