package dev.ashlar.backend.cpu.bytecode;

import dev.ashlar.backend.cpu.bytecode.BytecodeEmitter.Lanes;
import dev.ashlar.backend.cpu.kernel.Arguments;
import dev.ashlar.backend.cpu.kernel.EmitterContract;
import dev.ashlar.backend.cpu.kernel.Kernel;
import dev.ashlar.backend.cpu.kernel.Kernels;
import dev.ashlar.backend.cpu.kernel.Parameter;
import java.lang.foreign.Arena;

/**
 * A program of its own, because one width of vectors in a JVM is what C2 compiles without boxes: runs kernels
 * until a call allocates nothing, and prints those that never got there. Vectors wider than those of the
 * machine are always boxed, so with them kernels only run until C1 has compiled them.
 */
final class VectorAllocation {
  private static final int MOST_CALLS = 2_000_000;
  private static final int CALLS_FOR_C1 = 500;

  private VectorAllocation() {}

  public static void main(String[] arguments) {
    var lanes = Lanes.valueOf(arguments[0]);
    var emitter = BytecodeEmitter.create(lanes, Boolean.parseBoolean(arguments[1]));
    for (var kernel : new Kernel[] {Kernels.softmax(), Kernels.geluTimes(), Kernels.columnSum(),
        Kernels.adamW(), Kernels.deepGelu()}) {
      if (!settles(emitter, kernel, isOfMachine(lanes))) {
        System.out.println(kernel.name() + " still allocates");
      }
    }
  }

  /** Whether the machine has vectors of this width. */
  static boolean isOfMachine(Lanes lanes) {
    return lanes.compareTo(BytecodeEmitter.preferredLanes()) >= 0; // the widest come first
  }

  private static boolean settles(BytecodeEmitter emitter, Kernel kernel, boolean isOfMachine) {
    var compiled = emitter.compile(kernel);
    try (var arena = Arena.ofConfined()) {
      var arguments = new Arguments(kernel, arena);
      EmitterContract.sizes(arguments, 4, isOfMachine ? 100 : 40);
      for (var parameter : kernel.parameters()) {
        if (parameter instanceof Parameter.Buffer buffer) {
          arguments.set(buffer.position(), arena.allocate(16000, 64));
        }
      }
      for (int call = 0; call < (isOfMachine ? MOST_CALLS : CALLS_FOR_C1); call++) {
        compiled.run(arguments);
        if (call % 200 == 199 && AllocationProbe.bytes(() -> compiled.run(arguments)) == 0) {
          return true;
        }
      }
      return !isOfMachine;
    }
  }
}
