package dev.ashlar.bench.cpu;

import dev.ashlar.backend.cpu.gemm.Tile;
import dev.ashlar.backend.cpu.kernel.KernelCache;
import dev.ashlar.backend.cpu.machine.MachineKernels;
import dev.ashlar.backend.cpu.machine.Target;
import dev.ashlar.backend.cpu.x86.ExecutableMemory;

/**
 * The compiler and tile for a target of this processor.
 *
 * @param compiler remembers kernels
 */
record Machine(Target target, KernelCache compiler, Tile tile) {

  /** AVX-512 if there is such and {@code avx2} does not say otherwise. */
  static Machine open(boolean avx2) {
    return switch (ExecutableMemory.open()) {
      case ExecutableMemory.Opened.Refused(var reason) -> throw new IllegalStateException(reason);
      case ExecutableMemory.Opened.Ready(var memory, var features) -> {
        var target = features.hasAvx512() && !avx2 ? Target.AVX512 : Target.AVX2;
        yield new Machine(target, new KernelCache(new MachineKernels(memory, target)),
            target == Target.AVX512 ? Tile.AVX512 : Tile.AVX2);
      }
    };
  }
}
