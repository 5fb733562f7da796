package dev.ashlar.io.data;

import dev.ashlar.tensor.NDArray;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Numbers of rows whose count is not known yet, kept in blocks so that growing copies nothing. */
final class FloatRows {
  private static final ValueLayout.OfFloat F32 =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int BLOCK = 1 << 16;

  private final int width;
  private final List<float[]> blocks = new ArrayList<>();
  private float[] last = new float[0];
  private int used;

  FloatRows(int width) {
    this.width = width;
  }

  int width() {
    return width;
  }

  void add(float value) {
    if (used == last.length) {
      last = new float[BLOCK];
      blocks.add(last);
      used = 0;
    }
    last[used++] = value;
  }

  /** Copies all of it to an f32 array of as many elements. */
  void copyTo(NDArray array) {
    long at = 0;
    for (var block : blocks) {
      int count = block == last ? used : block.length;
      MemorySegment.copy(block, 0, array.data(), F32, at * Float.BYTES, count);
      at += count;
    }
  }
}
