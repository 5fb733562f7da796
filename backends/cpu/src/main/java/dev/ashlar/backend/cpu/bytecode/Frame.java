package dev.ashlar.backend.cpu.bytecode;

import dev.ashlar.backend.cpu.bytecode.StreamUnit.ArrayKind;
import dev.ashlar.backend.cpu.kernel.Memory;
import dev.ashlar.backend.cpu.kernel.Type;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;

/**
 * Working memory of one kernel on one thread: its scratch, and the vectors that its methods share. Those lie
 * in arrays, because C1 makes half as much of an access to an array as of one to a segment.
 */
final class Frame {
  /** Places ahead of the homes: two values on their way to or from {@link Support}. */
  static final int TEMPORARY = 2 * Type.LANES;

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
   * @param scratch of the kernel
   * @param homes vectors that methods share
   * @param streams arrays of a block of elements
   */
  record Layout(List<Memory.Scratch> scratch, int homes, Map<ArrayKind, Integer> streams) {
    private int streams(ArrayKind kind) {
      return streams.getOrDefault(kind, 0);
    }
  }

  Frame(Layout layout) {
    var arena = Arena.ofAuto();
    scratch = layout.scratch().stream()
        .map(memory -> arena.allocate((long) memory.size() * memory.element().bytes(), 64))
        .toArray(MemorySegment[]::new);
    floats = new float[home(layout.homes())];
    ints = new int[home(layout.homes())];
    floatStreams = new float[layout.streams(ArrayKind.FLOATS)][StreamUnit.BLOCK];
    intStreams = new int[layout.streams(ArrayKind.INTS)][StreamUnit.BLOCK];
    shortStreams = new short[layout.streams(ArrayKind.SHORTS)][StreamUnit.BLOCK];
    byteStreams = new byte[layout.streams(ArrayKind.BYTES)][StreamUnit.BLOCK];
  }

  /** Where a vector has its home: sixteen places, among the floats or, ints and masks, among the ints. */
  static int home(int number) {
    return TEMPORARY + Type.LANES * number;
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
