package dev.ashlar.backend.cpu.bytecode;

import static dev.ashlar.backend.cpu.kernel.Type.LANES;

import dev.ashlar.backend.cpu.kernel.Element;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * What generated code calls for the rarer work: element by element, between memory and the frame, so that no
 * vector is ever boxed for a call. Lanes lie at the start of an array of the frame; in ints lie their bits.
 */
final class Support {
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final Element[] ELEMENTS = Element.values();

  private Support() {}

  /** How often a loop with these bounds runs; with {@code full} 1 only whole steps count. */
  static int count(long from, long to, long step, int full) {
    return to <= from ? 0 : Math.toIntExact(full == 1 ? (to - from) / step : (to - from - 1) / step + 1);
  }

  /** Whether two ranges of addresses do not touch, or, if they may coincide, begin at the same place. */
  static boolean areApart(long a, long aBytes, long b, long bBytes, int mayCoincide) {
    return a + aBytes <= b || b + bBytes <= a || mayCoincide == 1 && a == b;
  }

  /**
   * Loads lanes whose bit is set in {@code mask} from {@code at + lane * stride} bytes; others get the fill.
   */
  static void load(MemorySegment from, long at, long stride, int element, int mask, int fill,
      int[] lanes) {
    var kind = ELEMENTS[element];
    if (areFirstWords(kind, stride, mask)) {
      int count = Integer.bitCount(mask);
      for (int lane = 0; lane < count; lane++) {
        lanes[lane] = from.get(INT, at + 4L * lane);
      }
      Arrays.fill(lanes, count, LANES, fill);
      return;
    }
    for (int lane = 0; lane < LANES; lane++) {
      int bits = (mask >> lane & 1) == 0 ? fill : bits(from, at + lane * stride, kind);
      lanes[lane] = bits;
    }
  }

  /** Whether it is the tail of a loop over neighbouring words, which is worth a loop of its own. */
  private static boolean areFirstWords(Element element, long stride, int mask) {
    return element.bytes() == Integer.BYTES && stride == Integer.BYTES && (mask & mask + 1) == 0;
  }

  /** As {@link #load}, from {@code at + offset[lane]} elements; the offsets lie in {@code lanes}. */
  static void gather(MemorySegment from, long at, int element, int mask, int fill, int[] lanes) {
    var kind = ELEMENTS[element];
    for (int lane = 0; lane < LANES; lane++) {
      long place = at + (long) lanes[lane] * kind.bytes();
      lanes[lane] = (mask >> lane & 1) == 0 ? fill : bits(from, place, kind);
    }
  }

  /** One bit for each of the first {@code count} lanes. */
  static int firstLanes(long count) {
    return (1 << Math.clamp(count, 0, LANES)) - 1;
  }

  /** The bits of a lane from an element in memory. */
  static int bits(MemorySegment from, long at, Element element) {
    return switch (element) {
      case F32, I32 -> from.get(INT, at);
      case F16 -> Float.floatToRawIntBits(Float.float16ToFloat(from.get(SHORT, at)));
      case BF16 -> from.get(SHORT, at) << 16;
      case I8 -> from.get(ValueLayout.JAVA_BYTE, at);
      case U8 -> from.get(ValueLayout.JAVA_BYTE, at) & 0xFF;
      case BOOL -> from.get(ValueLayout.JAVA_BYTE, at) == 0 ? 0 : -1;
      case I64 -> throw new IllegalArgumentException("no lanes in I64");
    };
  }

  /**
   * Stores lanes whose bit is set in {@code mask} to {@code at + lane * stride} bytes, in ascending order.
   */
  static void store(int[] lanes, MemorySegment to, long at, long stride, int element, int mask) {
    var kind = ELEMENTS[element];
    if (areFirstWords(kind, stride, mask)) {
      int count = Integer.bitCount(mask);
      for (int lane = 0; lane < count; lane++) {
        to.set(INT, at + 4L * lane, lanes[lane]);
      }
      return;
    }
    for (int lane = 0; lane < LANES; lane++) {
      if ((mask >> lane & 1) != 0) {
        put(to, at + lane * stride, kind, lanes[lane]);
      }
    }
  }

  /** Stores the bits of a lane as an element; every bit of a truth value is set or none. */
  static void put(MemorySegment to, long at, Element element, int bits) {
    switch (element) {
      case F32, I32 -> to.set(INT, at, bits);
      case F16 -> to.set(SHORT, at, Float.floatToFloat16(Float.intBitsToFloat(bits)));
      case BF16 -> to.set(SHORT, at, (short) (roundBf16(bits) >>> 16));
      case I8, U8 -> to.set(ValueLayout.JAVA_BYTE, at, (byte) bits);
      case BOOL -> to.set(ValueLayout.JAVA_BYTE, at, (byte) (bits & 1));
      case I64 -> throw new IllegalArgumentException("no lanes in I64");
    }
  }

  /** Bits of an F32 rounded to the nearest whose lower half is zero, ties to even; a NaN stays one. */
  static int roundBf16(int bits) {
    return (bits & 0x7FFF_FFFF) > 0x7F80_0000
        ? (bits | 0x0040_0000) & 0xFFFF_0000
        : bits + 0x7FFF + (bits >>> 16 & 1) & 0xFFFF_0000;
  }

  static float roundF16(float value) {
    return Float.float16ToFloat(Float.floatToFloat16(value));
  }

  /** Rounds floats to half precision, in place. */
  static void roundF16(int[] lanes) {
    for (int lane = 0; lane < LANES; lane++) {
      lanes[lane] = Float.floatToRawIntBits(roundF16(Float.intBitsToFloat(lanes[lane])));
    }
  }

  /** The first {@code count} numbers combined in the fixed tree: l with l xor count/2, and so on. */
  static float reduce(float[] lanes, int count, int op) {
    for (int distance = count / 2; distance > 0; distance /= 2) {
      for (int lane = 0; lane < distance; lane++) {
        lanes[lane] = combine(lanes[lane], lanes[lane + distance], op);
      }
    }
    return lanes[0];
  }

  static float combine(float a, float b, int op) {
    return switch (op) {
      case 0 -> a + b;
      case 1 -> a * b;
      case 2 -> Math.min(a, b);
      default -> Math.max(a, b);
    };
  }

  static int reduce(int[] lanes, int count, int op) {
    int result = lanes[0];
    for (int lane = 1; lane < count; lane++) { // wrapping integers: any order gives the same
      result = combine(result, lanes[lane], op);
    }
    return result;
  }

  static int combine(int a, int b, int op) {
    return switch (op) {
      case 0 -> a + b;
      case 1 -> a * b;
      case 2 -> Math.min(a, b);
      default -> Math.max(a, b);
    };
  }

  /** The first sixteen numbers combined, in all sixteen places. */
  static void reduce(float[] lanes, int op) {
    Arrays.fill(lanes, 0, LANES, reduce(lanes, LANES, op));
  }

  static void reduce(int[] lanes, int op) {
    Arrays.fill(lanes, 0, LANES, reduce(lanes, LANES, op));
  }

  /** A step of a transposition of the first sixteen numbers and the next; the result replaces the first. */
  static void exchange(float[] lanes, int high, int distance) {
    for (int block = 0; block < LANES; block += 2 * distance) {
      for (int lane = block; lane < block + distance; lane++) {
        if (high == 0) {
          lanes[lane + distance] = lanes[LANES + lane];
        } else {
          lanes[lane] = lanes[lane + distance];
          lanes[lane + distance] = lanes[LANES + lane + distance];
        }
      }
    }
  }

  static void exchange(int[] lanes, int high, int distance) {
    for (int block = 0; block < LANES; block += 2 * distance) {
      for (int lane = block; lane < block + distance; lane++) {
        if (high == 0) {
          lanes[lane + distance] = lanes[LANES + lane];
        } else {
          lanes[lane] = lanes[lane + distance];
          lanes[lane + distance] = lanes[LANES + lane + distance];
        }
      }
    }
  }

  static float truncate(float x) {
    return (float) (x < 0 || 1 / x < 0 ? Math.ceil(x) : Math.floor(x));
  }
}
