package dev.ashlar.backend.cpu;

import dev.ashlar.backend.cpu.kernel.CompiledKernel;
import dev.ashlar.backend.cpu.kernel.Interpreter;
import dev.ashlar.backend.cpu.kernel.Kernel;
import dev.ashlar.backend.cpu.machine.MachineKernels;
import dev.ashlar.backend.cpu.machine.Target;
import dev.ashlar.backend.cpu.x86.CpuFeatures;
import dev.ashlar.backend.cpu.x86.ExecutableMemory;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Kernels made to run, each structure once. Thread-safe. */
final class Executables implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Executables.class);

  private final ConcurrentMap<Kernel, CompiledKernel> known = new ConcurrentHashMap<>();
  private final Function<Kernel, CompiledKernel> emitter;
  private final String description;
  private final Runnable release;

  private Executables(Function<Kernel, CompiledKernel> emitter, String description, Runnable release) {
    this.emitter = emitter;
    this.description = description;
    this.release = release;
  }

  /**
   * Chooses the emitter.
   *
   * @throws IllegalStateException if the one that is asked for cannot be had; says why
   */
  static Executables of(Emission wanted) {
    return switch (wanted) {
      case AUTO -> {
        try {
          yield machine();
        } catch (IllegalStateException refusal) {
          LOG.info("no machine code: {}", refusal.getMessage());
          yield interpreter();
        }
      }
      case MACHINE -> machine();
      case BYTECODE -> throw new IllegalStateException("there is no emitter of bytecode");
      case INTERPRETER -> interpreter();
    };
  }

  private static Executables interpreter() {
    return new Executables(kernel -> arguments -> Interpreter.run(kernel, arguments), "interpreted kernels", () -> {});
  }

  private static Executables machine() {
    return switch (ExecutableMemory.open()) {
      case ExecutableMemory.Opened.Ready(var memory, var features) -> {
        Target target = target(features);
        MachineKernels kernels = new MachineKernels(memory, target);
        yield new Executables(kernel -> kernels.compile(kernel)::run, "machine code, " + target, memory::close);
      }
      case ExecutableMemory.Opened.Refused(var reason) -> throw new IllegalStateException(reason);
    };
  }

  private static Target target(CpuFeatures features) {
    if (features.hasAvx512()) {
      return Target.AVX512;
    }
    if (features.hasAvx2()) {
      return Target.AVX2;
    }
    throw new IllegalStateException("the processor has neither AVX-512 nor AVX2: " + features.name());
  }

  CompiledKernel get(Kernel kernel) {
    return known.computeIfAbsent(kernel, emitter);
  }

  int count() {
    return known.size();
  }

  String description() {
    return description;
  }

  @Override
  public void close() {
    release.run();
  }
}
