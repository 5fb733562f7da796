package dev.ashlar.backend.cpu;

import dev.ashlar.backend.cpu.kernel.Arguments;

/** A kernel that can be called. Safe for any number of threads, each with its own arguments. */
@FunctionalInterface
interface Executable {

  /** Runs it. A warm call allocates nothing on the heap. */
  void run(Arguments arguments);
}
