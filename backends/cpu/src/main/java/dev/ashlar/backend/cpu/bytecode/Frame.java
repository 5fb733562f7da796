package dev.ashlar.backend.cpu.bytecode;

import dev.ashlar.backend.cpu.bytecode.StreamUnit.ArrayKind;
import dev.ashlar.backend.cpu.kernel.Memory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;

/** Working memory of one kernel on one thread: its scratch, and the vectors that its methods share. */
final class Frame {
  final MemorySegment homes;
  final MemorySegment[] scratch;
  final float[] floats;
  final int[] ints;

  private final float[][] floatStreams;
  private final int[][] intStreams;
  private final short[][] shortStreams;
  private final byte[][] byteStreams;

  /**
   * What a frame holds.
   *
   * @param homesBytes for vectors that methods share
   * @param scratch of the kernel
   * @param numbers for the same in code over plain numbers: so many floats, and as many ints
   * @param streams arrays of a block of elements
   */
  record Layout(int homesBytes, List<Memory.Scratch> scratch, int numbers, Map<ArrayKind, Integer> streams) {
    boolean isEmpty() {
      return homesBytes == 0 && scratch.isEmpty() && numbers == 0 && streams.isEmpty();
    }

    private int streams(ArrayKind kind) {
      return streams.getOrDefault(kind, 0);
    }
  }

  Frame(Layout layout) {
    var arena = Arena.ofAuto();
    homes = arena.allocate(layout.homesBytes(), 64);
    scratch = layout.scratch().stream()
        .map(memory -> arena.allocate((long) memory.size() * memory.element().bytes(), 64))
        .toArray(MemorySegment[]::new);
    floats = new float[layout.numbers()];
    ints = new int[layout.numbers()];
    floatStreams = new float[layout.streams(ArrayKind.FLOATS)][StreamUnit.BLOCK];
    intStreams = new int[layout.streams(ArrayKind.INTS)][StreamUnit.BLOCK];
    shortStreams = new short[layout.streams(ArrayKind.SHORTS)][StreamUnit.BLOCK];
    byteStreams = new byte[layout.streams(ArrayKind.BYTES)][StreamUnit.BLOCK];
  }

  float[] floatStream(int number) {
    return floatStreams[number];
  }

  int[] intStream(int number) {
    return intStreams[number];
  }

  short[] shortStream(int number) {
    return shortStreams[number];
  }

  byte[] byteStream(int number) {
    return byteStreams[number];
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
