package dev.ashlar.backend.cpu;

import dev.ashlar.backend.cpu.bytecode.BytecodeEmitter;
import dev.ashlar.backend.cpu.gemm.ArrayLoops;
import dev.ashlar.backend.cpu.gemm.Multiplier;
import dev.ashlar.backend.cpu.gemm.Routines;
import dev.ashlar.backend.cpu.gemm.Tile;
import dev.ashlar.backend.cpu.kernel.CompiledKernel;
import dev.ashlar.backend.cpu.kernel.Kernel;
import dev.ashlar.backend.cpu.kernel.KernelCache;
import dev.ashlar.backend.cpu.kernel.KernelCompiler;
import dev.ashlar.backend.cpu.machine.CodeFolder;
import dev.ashlar.backend.cpu.machine.MachineKernels;
import dev.ashlar.backend.cpu.machine.Target;
import dev.ashlar.backend.cpu.x86.CpuFeatures;
import dev.ashlar.backend.cpu.x86.ExecutableMemory;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Kernels made to run, each structure once. Thread-safe. */
final class Executables implements KernelCompiler, AutoCloseable {

  /** System property: a folder in which machine code is kept for later processes. Without it none is. */
  private static final String CODE_FOLDER = "ashlar.code";

  private final KernelCache cache;
  private final Multiplier multiplier;
  private final String description;
  private final Runnable release;

  private Executables(KernelCompiler compiler, Function<KernelCompiler, Multiplier> multiplier,
      String description, Runnable release) {
    this.cache = new KernelCache(compiler);
    this.multiplier = multiplier.apply(cache);
    this.description = description;
    this.release = release;
  }

  /**
   * Chooses the emitter.
   *
   * @param checked whether every access must be checked, which machine code never does
   * @throws IllegalStateException if the one that is asked for cannot be had; says why
   */
  static Executables of(Emission wanted, boolean checked) {
    return switch (wanted) {
      case AUTO -> {
        if (checked) {
          yield bytecode(BytecodeEmitter.preferredLanes(), true, "");
        }
        try {
          yield machine(true);
        } catch (IllegalStateException refusal) {
          // Asked for here alone: setting up a logging backend takes longer than most kernels.
          LoggerFactory.getLogger(Executables.class)
              .info("no machine code, bytecode instead: {}", refusal.getMessage());
          BytecodeEmitter.Lanes lanes = BytecodeEmitter.preferredLanes();
          yield bytecode(lanes, false, " (no machine code: " + refusal.getMessage()
              + (lanes == BytecodeEmitter.Lanes.SCALAR
              ? "; no Vector API: start the program with --add-modules=jdk.incubator.vector" : "") + ")");
        }
      }
      case MACHINE, MACHINE_AVX2 -> {
        if (checked) {
          throw new IllegalStateException("machine code checks nothing; choose the emitter bytecode or auto");
        }
        yield machine(wanted == Emission.MACHINE);
      }
      case BYTECODE -> bytecode(BytecodeEmitter.preferredLanes(), checked, "");
      case BYTECODE_PLAIN -> bytecode(BytecodeEmitter.Lanes.SCALAR, checked, "");
      case INTERPRETER ->
          new Executables(KernelCompiler.interpreter(), kernels(Tile.AVX2),
          "interpreted kernels, bounds checked", () -> {});
    };
  }

  /** With a reason for it, for people. */
  private static Executables bytecode(BytecodeEmitter.Lanes lanes, boolean checked, String reason) {
    BytecodeEmitter emitter = BytecodeEmitter.create(lanes, checked);
    Function<KernelCompiler, Multiplier> multiplier = switch (lanes) {
      case SCALAR -> _ -> new ArrayLoops();
      case VECTOR_512 -> kernels(Tile.VECTOR_512);
      case VECTOR_256, VECTOR_128 -> kernels(Tile.VECTOR_256);
    };
    return new Executables(emitter, multiplier, emitter.description() + reason, () -> {});
  }

  private static Function<KernelCompiler, Multiplier> kernels(Tile tile) {
    return compiler -> new Routines(compiler, tile);
  }

  private static Executables machine(boolean widest) {
    return switch (ExecutableMemory.open()) {
      case ExecutableMemory.Opened.Ready(var memory, var features) -> {
        Target target = target(memory, features, widest);
        Tile tile = target == Target.AVX512 ? Tile.AVX512 : Tile.AVX2;
        MachineKernels compiler = new MachineKernels(memory, target, kept(target));
        yield new Executables(compiler, kernels(tile), "machine code, " + target, memory::close);
      }
      case ExecutableMemory.Opened.Refused(var reason) -> throw new IllegalStateException(reason);
    };
  }

  private static @Nullable CodeFolder kept(Target target) {
    String folder = System.getProperty(CODE_FOLDER);
    return folder == null ? null : CodeFolder.in(Path.of(folder), target).orElse(null);
  }

  private static Target target(ExecutableMemory memory, CpuFeatures features, boolean widest) {
    if (widest && features.hasAvx512()) {
      return Target.AVX512;
    }
    if (features.hasAvx2()) {
      return Target.AVX2;
    }
    memory.close();
    throw new IllegalStateException("the processor has neither AVX-512 nor AVX2: " + features.name());
  }

  @Override
  public CompiledKernel compile(Kernel kernel) {
    return cache.compile(kernel);
  }

  /** Number of structures compiled so far. */
  long compiled() {
    return cache.compiled();
  }

  /** Whether kernels run as fast as the processor can, or nearly: neither interpreted nor scalar. */
  boolean isFast() {
    return multiplier instanceof Routines && !description.startsWith("interpreted");
  }

  /** How matrix products are computed. */
  Multiplier multiplier() {
    return multiplier;
  }

  String description() {
    return description;
  }

  @Override
  public void close() {
    release.run();
  }
}
