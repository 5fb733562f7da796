package dev.ashlar.backend.cpu.bytecode;

import dev.ashlar.backend.cpu.kernel.Memory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Working memory of one kernel on one thread: its scratch, and the vectors that its methods share. */
final class Frame {
  final MemorySegment homes;
  final MemorySegment[] scratch;
  final float[] floats;
  final int[] ints;

  /** What a frame holds; {@code floats} and {@code ints} are for code without vector registers. */
  record Layout(int homesBytes, List<Memory.Scratch> scratch, int floats, int ints) {
    boolean isEmpty() {
      return homesBytes == 0 && scratch.isEmpty() && floats == 0 && ints == 0;
    }
  }

  Frame(Layout layout) {
    var arena = Arena.ofAuto();
    homes = arena.allocate(layout.homesBytes(), 64);
    scratch = layout.scratch().stream()
        .map(memory -> arena.allocate((long) memory.size() * memory.element().bytes(), 64))
        .toArray(MemorySegment[]::new);
    floats = new float[layout.floats()];
    ints = new int[layout.ints()];
  }

  MemorySegment homes() {
    return homes;
  }

  long homesAddress() {
    return homes.address();
  }

  MemorySegment scratch(int number) {
    return scratch[number];
  }

  long scratchAddress(int number) {
    return scratch[number].address();
  }

  float[] floats() {
    return floats;
  }

  int[] ints() {
    return ints;
  }
}
