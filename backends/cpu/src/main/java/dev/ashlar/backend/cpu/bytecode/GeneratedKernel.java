package dev.ashlar.backend.cpu.bytecode;

import dev.ashlar.backend.cpu.kernel.CompiledKernel;

/** What every generated class extends: a frame for each thread. */
abstract class GeneratedKernel implements CompiledKernel {
  private final ThreadLocal<Frame> frames;

  GeneratedKernel(Frame.Layout layout) {
    frames = ThreadLocal.withInitial(() -> new Frame(layout));
  }

  final Frame frame() {
    return frames.get();
  }
}
