package dev.ashlar.backend.cpu;

import dev.ashlar.backend.cpu.CpuWorkspace.Task;
import dev.ashlar.backend.cpu.compiler.Step;
import dev.ashlar.backend.cpu.kernel.Arguments;
import dev.ashlar.backend.cpu.kernel.CompiledKernel;
import dev.ashlar.program.Profiler;
import dev.ashlar.tensor.NDArray;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Kinds of tasks. */
final class Tasks {

  private Tasks() {}

  record Run(CompiledKernel code, Arguments arguments) implements Task {
    @Override
    public void run() {
      code.run(arguments);
    }
  }

  /** Bytes from one place to another; nothing if they are one. */
  static final class Copy implements Task {
    private MemorySegment from = MemorySegment.NULL;
    private MemorySegment to = MemorySegment.NULL;

    void bind(MemorySegment source, MemorySegment target) {
      from = source;
      to = target;
    }

    @Override
    public void run() {
      LoopPlaces.copy(from, to);
    }
  }

  record Host(List<NDArray> operands, List<NDArray> results, Step.Evaluation code) implements Task {
    @Override
    public void run() {
      code.run(operands, results);
    }
  }

  /** One after the other. */
  record Sequence(Task[] tasks) implements Task {
    @Override
    public void run() {
      for (Task task : tasks) {
        task.run();
      }
    }
  }

  record Timed(Task task, Profiler.Timer timer) implements Task {
    @Override
    public void run() {
      long start = System.nanoTime();
      task.run();
      timer.add(start, System.nanoTime());
    }
  }
}
