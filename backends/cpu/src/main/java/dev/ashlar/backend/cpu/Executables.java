package dev.ashlar.backend.cpu;

import dev.ashlar.backend.cpu.kernel.Interpreter;
import dev.ashlar.backend.cpu.kernel.Kernel;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;

/** Kernels made to run, each structure once. Thread-safe. */
final class Executables {

  private final ConcurrentMap<Kernel, Executable> known = new ConcurrentHashMap<>();
  private final Function<Kernel, Executable> emitter;
  private final String description;

  private Executables(Function<Kernel, Executable> emitter, String description) {
    this.emitter = emitter;
    this.description = description;
  }

  /**
   * Chooses the emitter.
   *
   * @throws IllegalStateException if the one that is asked for cannot be had; says why
   */
  static Executables of(Emitter wanted) {
    return switch (wanted) {
      case AUTO, INTERPRETER -> new Executables(
          kernel -> arguments -> Interpreter.run(kernel, arguments), "interpreted kernels");
      case MACHINE, BYTECODE -> throw new IllegalStateException("there is no emitter of " + wanted);
    };
  }

  Executable get(Kernel kernel) {
    return known.computeIfAbsent(kernel, emitter);
  }

  int count() {
    return known.size();
  }

  String description() {
    return description;
  }
}
