package dev.ashlar.backend.cpu.kernel;

import static dev.ashlar.backend.cpu.kernel.Type.LANES;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/** Vectors as arrays (float[16], int[16] or boolean[16]) and what the operations do to them. */
final class Lanes {

  private Lanes() {}

  static float[] splat(float value) {
    var lanes = new float[LANES];
    Arrays.fill(lanes, value);
    return lanes;
  }

  static int[] splat(int value) {
    var lanes = new int[LANES];
    Arrays.fill(lanes, value);
    return lanes;
  }

  static int[] iota(int start) {
    return ints(lane -> start + lane);
  }

  static boolean[] first(long count) {
    var lanes = new boolean[LANES];
    for (int lane = 0; lane < LANES; lane++) {
      lanes[lane] = lane < count;
    }
    return lanes;
  }

  /** All lanes with these bits. */
  static Object ofBits(Type type, int bits) {
    return switch (type) {
      case F32 -> splat(Float.intBitsToFloat(bits));
      case I32 -> splat(bits);
      case MASK -> first(bits != 0 ? LANES : 0);
      case INDEX -> throw new IllegalArgumentException("an index has no lanes");
    };
  }

  static void setBits(Object lanes, int lane, int bits) {
    switch (lanes) {
      case float[] f -> f[lane] = Float.intBitsToFloat(bits);
      case int[] i -> i[lane] = bits;
      case boolean[] m -> m[lane] = bits != 0;
      default -> throw new IllegalArgumentException("no lanes");
    }
  }

  static int bits(Object lanes, int lane) {
    return switch (lanes) {
      case float[] f -> Float.floatToRawIntBits(f[lane]);
      case int[] i -> i[lane];
      case boolean[] m -> m[lane] ? 1 : 0;
      default -> throw new IllegalArgumentException("no lanes");
    };
  }

  static Object select(boolean[] mask, Object a, Object b) {
    return combine(b, lane -> bits(mask[lane] ? a : b, lane));
  }

  static Object unary(Expr.UnaryOp op, Object a) {
    return switch (op) {
      case TO_F32, F32_OF_BITS -> {
        var result = new float[LANES];
        for (int lane = 0; lane < LANES; lane++) {
          int x = bits(a, lane);
          result[lane] = op == Expr.UnaryOp.TO_F32 ? (float) x : Float.intBitsToFloat(x);
        }
        yield result;
      }
      case TO_I32 -> ints(lane -> (int) ((float[]) a)[lane]);
      case BITS_OF_F32 -> ints(lane -> bits(a, lane));
      default -> combine(a, lane -> switch (a) {
        case float[] f -> Float.floatToRawIntBits(unary(op, f[lane]));
        case int[] i -> unary(op, i[lane]);
        default -> bits(a, lane) ^ 1;
      });
    };
  }

  private static float unary(Expr.UnaryOp op, float x) {
    return switch (op) {
      case NEG -> -x;
      case ABS -> Math.abs(x);
      case SQRT -> (float) Math.sqrt(x);
      case ROUND -> (float) Math.rint(x);
      case FLOOR -> (float) Math.floor(x);
      case CEIL -> (float) Math.ceil(x);
      case TRUNC -> (float) (x < 0 || 1 / x < 0 ? Math.ceil(x) : Math.floor(x));
      case ROUND_BF16 -> Float.intBitsToFloat(Elements.roundBf16(Float.floatToRawIntBits(x)));
      case ROUND_F16 -> Float.float16ToFloat(Float.floatToFloat16(x));
      case NOT, TO_F32, TO_I32, BITS_OF_F32, F32_OF_BITS -> throw new IllegalArgumentException(op.name());
    };
  }

  private static int unary(Expr.UnaryOp op, int x) {
    return switch (op) {
      case NEG -> -x;
      case ABS -> Math.abs(x);
      case NOT -> ~x;
      default -> throw new IllegalArgumentException(op.name());
    };
  }

  static Object binary(Expr.BinaryOp op, Object a, Object b) {
    return combine(a, lane -> switch (a) {
      case float[] f -> Float.floatToRawIntBits(binary(op, f[lane], ((float[]) b)[lane]));
      default -> binary(op, bits(a, lane), bits(b, lane));
    });
  }

  private static float binary(Expr.BinaryOp op, float a, float b) {
    return switch (op) {
      case ADD -> a + b;
      case SUB -> a - b;
      case MUL -> a * b;
      case DIV -> a / b;
      case MIN -> Math.min(a, b);
      case MAX -> Math.max(a, b);
      default -> throw new IllegalArgumentException(op.name());
    };
  }

  private static int binary(Expr.BinaryOp op, int a, int b) {
    return switch (op) {
      case ADD -> a + b;
      case SUB -> a - b;
      case MUL -> a * b;
      case MIN -> Math.min(a, b);
      case MAX -> Math.max(a, b);
      case AND -> a & b;
      case OR -> a | b;
      case XOR -> a ^ b;
      case SHIFT_LEFT -> a << b;
      case SHIFT_RIGHT -> a >>> b;
      case SHIFT_RIGHT_SIGNED -> a >> b;
      case MUL_HIGH_UNSIGNED -> (int) (Integer.toUnsignedLong(a) * Integer.toUnsignedLong(b) >>> 32);
      case DIV -> throw new IllegalArgumentException(op.name());
    };
  }

  static boolean[] compare(Expr.CompareOp op, Object a, Object b) {
    var result = new boolean[LANES];
    for (int lane = 0; lane < LANES; lane++) {
      result[lane] = a instanceof float[] f
          ? compare(op, f[lane], ((float[]) b)[lane])
          : compare(op, Integer.compare(bits(a, lane), bits(b, lane)));
    }
    return result;
  }

  private static boolean compare(Expr.CompareOp op, float a, float b) {
    return switch (op) {
      case EQ -> a == b;
      case NE -> a != b;
      case LT -> a < b;
      case LE -> a <= b;
      case GT -> a > b;
      case GE -> a >= b;
    };
  }

  /** The result of a comparison from the sign of the difference. */
  static boolean compare(Expr.CompareOp op, int sign) {
    return switch (op) {
      case EQ -> sign == 0;
      case NE -> sign != 0;
      case LT -> sign < 0;
      case LE -> sign <= 0;
      case GT -> sign > 0;
      case GE -> sign >= 0;
    };
  }

  static float[] fma(float[] a, float[] b, float[] c) {
    var result = new float[LANES];
    for (int lane = 0; lane < LANES; lane++) {
      result[lane] = Math.fma(a[lane], b[lane], c[lane]);
    }
    return result;
  }

  static Object reduce(Expr.Reduction op, Object a) {
    var result = a;
    for (int distance = LANES / 2; distance > 0; distance /= 2) {
      var from = result;
      int d = distance;
      result = binary(op.op(), from, combine(from, lane -> bits(from, lane ^ d)));
    }
    return result;
  }

  static Object exchange(boolean high, int distance, Object a, Object b) {
    return combine(a, lane -> (lane & distance) == 0
        ? bits(a, high ? lane + distance : lane)
        : bits(b, high ? lane : lane - distance));
  }

  /** New lanes of the kind of {@code like} from their bits. */
  private static Object combine(Object like, IntUnaryOperator laneBits) {
    Object result = switch (like) {
      case float[] _ -> new float[LANES];
      case int[] _ -> new int[LANES];
      default -> new boolean[LANES];
    };
    for (int lane = 0; lane < LANES; lane++) {
      setBits(result, lane, laneBits.applyAsInt(lane));
    }
    return result;
  }

  private static int[] ints(IntUnaryOperator value) {
    var result = new int[LANES];
    Arrays.setAll(result, value);
    return result;
  }
}
