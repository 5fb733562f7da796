package dev.ashlar.reference;

import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Op.BinaryKind;

/**
 * The functions of one and two numbers. Floating-point ones take and give doubles, to be rounded by
 * the caller; integer ones take and give longs, to be wrapped by the caller. Truth values are 0 and 1.
 */
final class Numbers {

  private Numbers() {}

  static double unary(Op.UnaryKind kind, double x) {
    return switch (kind) {
      case NEG -> -x;
      case ABS -> Math.abs(x);
      case SIGN -> Math.signum(x);
      case EXP -> StrictMath.exp(x);
      case EXPM1 -> StrictMath.expm1(x);
      case LOG -> StrictMath.log(x);
      case LOG1P -> StrictMath.log1p(x);
      case SQRT -> StrictMath.sqrt(x);
      case RSQRT -> 1 / StrictMath.sqrt(x);
      case RECIPROCAL -> 1 / x;
      case SIN -> StrictMath.sin(x);
      case COS -> StrictMath.cos(x);
      case TANH -> StrictMath.tanh(x);
      case SIGMOID -> sigmoid(x);
      case ERF -> Erf.erf(x);
      case FLOOR -> StrictMath.floor(x);
      case CEIL -> StrictMath.ceil(x);
      case ROUND -> StrictMath.rint(x);
      case IS_FINITE -> truth(Double.isFinite(x));
      case NOT -> throw undefined(kind, "floating-point numbers");
    };
  }

  private static double sigmoid(double x) {
    if (x >= 0) {
      return 1 / (1 + StrictMath.exp(-x));
    }
    double power = StrictMath.exp(x); // does not overflow, and keeps its digits where the result is tiny
    return power / (1 + power);
  }

  static long unary(Op.UnaryKind kind, DType dtype, long x) {
    return switch (kind) {
      case NEG -> -x;
      case ABS -> Math.abs(x);
      case SIGN -> Long.signum(x);
      case NOT -> dtype == DType.BOOL ? 1 - x : ~x;
      case EXP, EXPM1, LOG, LOG1P, SQRT, RSQRT, RECIPROCAL, SIN, COS, TANH, SIGMOID, ERF, FLOOR, CEIL, ROUND,
          IS_FINITE -> throw undefined(kind, "integers");
    };
  }

  static double binary(BinaryKind kind, double a, double b) {
    return switch (kind) {
      case ADD -> a + b;
      case SUB -> a - b;
      case MUL -> a * b;
      case DIV -> a / b;
      case POW -> StrictMath.pow(a, b);
      case REM -> a % b;
      case MIN -> Math.min(a, b);
      case MAX -> Math.max(a, b);
      case EQ -> truth(a == b);
      case NE -> truth(a != b);
      case LT -> truth(a < b);
      case LE -> truth(a <= b);
      case GT -> truth(a > b);
      case GE -> truth(a >= b);
      case AND, OR, XOR, SHL, SHR -> throw undefined(kind, "floating-point numbers");
    };
  }

  /**
   * Division by zero does not trap, for the quotient may be masked out afterwards: it gives -1, and the
   * dividend as remainder, as RISC-V does. Powers wrap; negative ones are truncated.
   */
  static long binary(BinaryKind kind, DType dtype, long a, long b) {
    int bits = 8 * dtype.bytes();
    return switch (kind) {
      case ADD -> a + b;
      case SUB -> a - b;
      case MUL -> a * b;
      case DIV -> b == 0 ? -1 : a / b;
      case POW -> power(a, b);
      case REM -> b == 0 ? a : a % b;
      case MIN -> Math.min(a, b);
      case MAX -> Math.max(a, b);
      case AND -> a & b;
      case OR -> a | b;
      case XOR -> a ^ b;
      case SHL -> a << (b & bits - 1);
      case SHR -> (bits == 64 ? a : a & (1L << bits) - 1) >>> (b & bits - 1);
      case EQ -> truth(a == b);
      case NE -> truth(a != b);
      case LT -> truth(a < b);
      case LE -> truth(a <= b);
      case GT -> truth(a > b);
      case GE -> truth(a >= b);
    };
  }

  private static long power(long base, long exponent) {
    if (exponent < 0) {
      return base == 1 ? 1 : base == -1 ? (exponent % 2 == 0 ? 1 : -1) : 0;
    }
    long result = 1;
    for (long square = base; exponent > 0; exponent >>= 1, square *= square) {
      if ((exponent & 1) == 1) {
        result *= square;
      }
    }
    return result;
  }

  /** Order of two elements of one type: NaN is the largest, zeros of either sign are equal. */
  static int compare(NDArray a, long i, NDArray b, long j) {
    if (!a.dtype().isFloating()) {
      return Long.compare(a.getLong(i), b.getLong(j));
    }
    double x = a.get(i);
    double y = b.get(j);
    return x == y ? 0 : Double.compare(x, y);
  }

  /** Sets an element to what leaves every number as it is: the lowest for MAX, the highest for MIN. */
  static void setNeutral(BinaryKind kind, NDArray out, long at) {
    boolean low = kind == BinaryKind.MAX;
    switch (out.dtype()) {
      case F64, F32, F16, BF16 -> out.set(at, low ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY);
      case I64 -> out.setLong(at, low ? Long.MIN_VALUE : Long.MAX_VALUE);
      case I32 -> out.setLong(at, low ? Integer.MIN_VALUE : Integer.MAX_VALUE);
      case I8 -> out.setLong(at, low ? Byte.MIN_VALUE : Byte.MAX_VALUE);
      case U8 -> out.setLong(at, low ? 0 : 255);
      case BOOL -> out.setLong(at, low ? 0 : 1);
    }
  }

  private static int truth(boolean value) {
    return value ? 1 : 0;
  }

  private static IllegalStateException undefined(Enum<?> kind, String operands) {
    return new IllegalStateException(kind + " is not defined for " + operands);
  }
}
