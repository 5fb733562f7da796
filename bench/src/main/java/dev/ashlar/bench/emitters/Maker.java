package dev.ashlar.bench.emitters;

import dev.ashlar.backend.cpu.bytecode.BytecodeEmitter;
import dev.ashlar.backend.cpu.bytecode.BytecodeEmitter.Lanes;
import dev.ashlar.backend.cpu.gemm.ArrayLoops;
import dev.ashlar.backend.cpu.gemm.Multiplier;
import dev.ashlar.backend.cpu.gemm.Routines;
import dev.ashlar.backend.cpu.gemm.Tile;
import dev.ashlar.backend.cpu.kernel.KernelCompiler;
import dev.ashlar.backend.cpu.machine.MachineKernels;
import dev.ashlar.backend.cpu.machine.Target;
import dev.ashlar.backend.cpu.x86.ExecutableMemory;

/** Who makes a kernel. */
public enum Maker {
  MACHINE_AVX512, MACHINE_AVX2, VECTORS, VECTORS_CHECKED, PLAIN, PLAIN_CHECKED;

  /** The first of these that this machine and JVM allow. */
  public static Maker fastest() {
    if (ExecutableMemory.open() instanceof ExecutableMemory.Opened.Ready(var memory, var features)) {
      memory.close();
      if (features.hasAvx512()) {
        return MACHINE_AVX512;
      }
      if (features.hasAvx2()) {
        return MACHINE_AVX2;
      }
    }
    return BytecodeEmitter.preferredLanes() == Lanes.SCALAR ? PLAIN : VECTORS;
  }

  /** A compiler that knows no kernel yet. */
  public KernelCompiler compiler() {
    return switch (this) {
      case MACHINE_AVX512 -> machine(Target.AVX512);
      case MACHINE_AVX2 -> machine(Target.AVX2);
      case VECTORS -> BytecodeEmitter.create(false);
      case VECTORS_CHECKED -> BytecodeEmitter.create(true);
      case PLAIN -> BytecodeEmitter.create(Lanes.SCALAR, false);
      case PLAIN_CHECKED -> BytecodeEmitter.create(Lanes.SCALAR, true);
    };
  }

  /** How products are computed with kernels of this compiler. */
  public Multiplier multiplier(KernelCompiler compiler) {
    return switch (this) {
      case MACHINE_AVX512 -> new Routines(compiler, Tile.AVX512);
      case MACHINE_AVX2 -> new Routines(compiler, Tile.AVX2);
      case VECTORS, VECTORS_CHECKED -> new Routines(compiler,
          BytecodeEmitter.preferredLanes() == Lanes.VECTOR_512 ? Tile.VECTOR_512 : Tile.VECTOR_256);
      case PLAIN, PLAIN_CHECKED -> new ArrayLoops();
    };
  }

  private static KernelCompiler machine(Target target) {
    return switch (ExecutableMemory.open()) {
      case ExecutableMemory.Opened.Ready(var memory, var _) -> new MachineKernels(memory, target);
      case ExecutableMemory.Opened.Refused(var reason) -> throw new IllegalStateException(reason);
    };
  }
}
