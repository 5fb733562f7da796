package dev.ashlar.backend.cpu.gemm;

import dev.ashlar.backend.cpu.kernel.Arguments;
import dev.ashlar.backend.cpu.kernel.CompiledKernel;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;

/** A kernel ready to be called. */
record Call(CompiledKernel kernel, Arguments arguments) {

  /** A call of a routine, its arguments not yet set. */
  static Call of(Routines.Ready routine, SegmentAllocator allocator) {
    return new Call(routine.compiled(), new Arguments(routine.kernel(), allocator));
  }

  Call set(Enum<?> parameter, long value) {
    arguments.set(parameter.ordinal(), value);
    return this;
  }

  Call set(Enum<?> parameter, MemorySegment segment) {
    arguments.set(parameter.ordinal(), segment);
    return this;
  }

  Call set(String name, long value) {
    arguments.set(name, value);
    return this;
  }

  Call set(String name, MemorySegment segment) {
    arguments.set(name, segment);
    return this;
  }

  void run() {
    kernel.run(arguments);
  }
}
