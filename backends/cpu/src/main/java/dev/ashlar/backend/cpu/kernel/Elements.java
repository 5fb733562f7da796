package dev.ashlar.backend.cpu.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Elements in memory to and from the 32 bits of a lane, and to and from an INDEX. */
final class Elements {

  private Elements() {}

  static int loadBits(MemorySegment memory, Element element, long at) {
    return switch (element) {
      case F32, I32 -> memory.get(ValueLayout.JAVA_INT_UNALIGNED, at);
      case F16 -> Float.floatToRawIntBits(
          Float.float16ToFloat(memory.get(ValueLayout.JAVA_SHORT_UNALIGNED, at)));
      case BF16 -> memory.get(ValueLayout.JAVA_SHORT_UNALIGNED, at) << 16;
      case I8 -> memory.get(ValueLayout.JAVA_BYTE, at);
      case U8 -> memory.get(ValueLayout.JAVA_BYTE, at) & 0xFF;
      case BOOL -> memory.get(ValueLayout.JAVA_BYTE, at) != 0 ? 1 : 0;
      case I64 -> throw new IllegalStateException("no lanes in I64");
    };
  }

  static void storeBits(MemorySegment memory, Element element, long at, int bits) {
    switch (element) {
      case F32, I32 -> memory.set(ValueLayout.JAVA_INT_UNALIGNED, at, bits);
      case F16 -> memory.set(ValueLayout.JAVA_SHORT_UNALIGNED, at,
          Float.floatToFloat16(Float.intBitsToFloat(bits)));
      case BF16 -> memory.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, (short) (roundBf16(bits) >>> 16));
      case I8, U8, BOOL -> memory.set(ValueLayout.JAVA_BYTE, at, (byte) bits);
      case I64 -> throw new IllegalStateException("no lanes in I64");
    }
  }

  /** Bits of the nearest F32 whose lower half is 0, ties to even; a NaN stays one. */
  static int roundBf16(int bits) {
    if ((bits & 0x7FFF_FFFF) > 0x7F80_0000) {
      return (bits | 0x0040_0000) & 0xFFFF_0000;
    }
    return (bits + 0x7FFF + (bits >>> 16 & 1)) & 0xFFFF_0000;
  }

  static long loadIndex(MemorySegment memory, Element element, long at) {
    return element == Element.I64
        ? memory.get(ValueLayout.JAVA_LONG_UNALIGNED, at) : loadBits(memory, element, at);
  }

  static void storeIndex(MemorySegment memory, Element element, long at, long value) {
    if (element == Element.I64) {
      memory.set(ValueLayout.JAVA_LONG_UNALIGNED, at, value);
    } else {
      storeBits(memory, element, at, (int) value);
    }
  }
}
