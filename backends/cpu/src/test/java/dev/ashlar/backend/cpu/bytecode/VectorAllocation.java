package dev.ashlar.backend.cpu.bytecode;

import dev.ashlar.backend.cpu.kernel.Arguments;
import dev.ashlar.backend.cpu.kernel.EmitterContract;
import dev.ashlar.backend.cpu.kernel.Kernel;
import dev.ashlar.backend.cpu.kernel.Kernels;
import dev.ashlar.backend.cpu.kernel.Parameter;
import java.lang.foreign.Arena;

/**
 * A program of its own, because one width of vectors in a JVM is what C2 compiles without boxes: runs kernels
 * until a call allocates nothing, and prints those that never got there.
 */
final class VectorAllocation {
  private static final int MOST_CALLS = 2_000_000;

  private VectorAllocation() {}

  public static void main(String[] names) {
    var emitter = BytecodeEmitter.create(Boolean.parseBoolean(names[0]));
    for (var kernel : new Kernel[] {Kernels.softmax(), Kernels.geluTimes(), Kernels.columnSum()}) {
      if (!settles(emitter, kernel)) {
        System.out.println(kernel.name() + " still allocates");
      }
    }
  }

  private static boolean settles(BytecodeEmitter emitter, Kernel kernel) {
    var compiled = emitter.compile(kernel);
    try (var arena = Arena.ofConfined()) {
      var arguments = new Arguments(kernel, arena);
      EmitterContract.sizes(arguments, 4, 1000);
      for (var parameter : kernel.parameters()) {
        if (parameter instanceof Parameter.Buffer buffer) {
          arguments.set(buffer.position(), arena.allocate(16000, 64));
        }
      }
      for (int call = 0; call < MOST_CALLS; call++) {
        compiled.run(arguments);
        if (call % 1000 == 999 && AllocationProbe.bytes(() -> compiled.run(arguments)) == 0) {
          return true;
        }
      }
      return false;
    }
  }
}
