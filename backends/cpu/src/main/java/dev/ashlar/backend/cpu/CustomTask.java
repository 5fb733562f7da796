package dev.ashlar.backend.cpu;

import dev.ashlar.backend.cpu.compiler.CustomCall;
import dev.ashlar.program.OperationKernel;
import dev.ashlar.tensor.NDArray;
import java.lang.foreign.SegmentAllocator;
import java.util.ArrayList;
import java.util.List;

/** A piece of a custom operation. */
record CustomTask(CustomCall call, OperationKernel.Executable code, int piece) implements CpuWorkspace.Task {

  /**
   * The pieces of an operation.
   *
   * @param memory for the kernel's own use
   */
  static List<CustomTask> of(CustomCall call, List<NDArray> operands, List<NDArray> results,
      SegmentAllocator memory) {
    OperationKernel.Executable code = call.bind(operands, results, memory);
    List<CustomTask> tasks = new ArrayList<>();
    for (int piece = 0; piece < call.pieces(); piece++) {
      tasks.add(new CustomTask(call, code, piece));
    }
    return tasks;
  }

  @Override
  public void run() {
    try {
      code.run(piece);
    } catch (RuntimeException | LinkageError e) {
      throw call.failure("in piece " + (piece + 1) + " of " + call.pieces(), e);
    }
  }
}
