package dev.ashlar.backend.cpu.compiler;

import dev.ashlar.backend.cpu.kernel.Expr.BinaryOp;
import dev.ashlar.backend.cpu.kernel.Expr.CompareOp;
import dev.ashlar.backend.cpu.kernel.Expr.UnaryOp;
import dev.ashlar.backend.cpu.kernel.KernelBuilder;
import dev.ashlar.backend.cpu.kernel.Local;
import dev.ashlar.backend.cpu.kernel.MathLibrary;
import dev.ashlar.backend.cpu.kernel.Type;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Op;
import java.util.List;

/** Element-wise operations in the kernel language. */
final class Pointwise {

  private static final int[] ROTATIONS = {13, 15, 26, 6, 17, 29, 16, 24};
  private static final int PARITY = 0x1BD11BDA;

  private final KernelBuilder b;
  private final Maths maths;

  private Pointwise(KernelBuilder code) {
    b = code;
    maths = new Maths(code);
  }

  /**
   * Applies an operation.
   *
   * @param from element type of the first operand
   * @param to element type of the result
   */
  static Local apply(KernelBuilder code, Op op, DType from, DType to, List<Local> in) {
    Pointwise p = new Pointwise(code);
    Local wide = switch (op) {
      case Op.Unary o -> p.unary(o.kind(), in.getFirst());
      case Op.Binary o -> p.binary(o.kind(), from, in.get(0), in.get(1));
      case Op.Where _ -> p.where(in.get(0), in.get(1), in.get(2));
      case Op.Cast _ -> p.cast(to, in.getFirst());
      case Op.Detach _ -> in.getFirst();
      default -> throw new IllegalArgumentException(op.label() + " is not element-wise");
    };
    return narrowed(code, to, wide);
  }

  /** Rounded or wrapped to what the type holds. */
  static Local narrowed(KernelBuilder code, DType dtype, Local wide) {
    return switch (dtype) {
      case BF16 -> code.unary(UnaryOp.ROUND_BF16, wide);
      case F16 -> code.unary(UnaryOp.ROUND_F16, wide);
      case I8 -> {
        Local bits = code.intConstant(24);
        yield code.binary(BinaryOp.SHIFT_RIGHT_SIGNED, code.binary(BinaryOp.SHIFT_LEFT, wide, bits), bits);
      }
      case U8 -> code.binary(BinaryOp.AND, wide, code.intConstant(255));
      default -> wide;
    };
  }

  /** Integers in the order of the elements: NaN is the largest, zeros of either sign are equal. */
  static Local order(KernelBuilder code, DType dtype, Local x) {
    return switch (dtype) {
      case BOOL -> code.select(x, code.intConstant(1), code.intConstant(0));
      case F32, F16, BF16 -> {
        Local bits = code.unary(UnaryOp.BITS_OF_F32, code.add(x, code.constant(0f)));
        Local sign = code.binary(BinaryOp.SHIFT_RIGHT_SIGNED, bits, code.intConstant(31));
        Local key = code.binary(BinaryOp.XOR, bits,
            code.binary(BinaryOp.AND, sign, code.intConstant(Integer.MAX_VALUE)));
        yield code.select(code.compare(CompareOp.NE, x, x), code.intConstant(Integer.MAX_VALUE), key);
      }
      default -> x;
    };
  }

  /**
   * First word of Threefry-2x32 with 20 rounds for the counter (i, 0).
   *
   * @see <a href="https://doi.org/10.1145/2063384.2063405">Salmon et al., Parallel random numbers</a>
   */
  static Local threefry(KernelBuilder b, Local low, Local high, Local counter) {
    Local[] keys = {low, high,
        b.binary(BinaryOp.XOR, b.binary(BinaryOp.XOR, low, high), b.intConstant(PARITY))};
    Local x = b.add(counter, low);
    Local y = high;
    for (int round = 0; round < 20; round++) {
      int bits = ROTATIONS[round % 8];
      x = b.add(x, y);
      Local rotated = b.binary(BinaryOp.OR,
          b.binary(BinaryOp.SHIFT_LEFT, y, b.intConstant(bits)),
          b.binary(BinaryOp.SHIFT_RIGHT, y, b.intConstant(32 - bits)));
      y = b.binary(BinaryOp.XOR, rotated, x);
      if (round % 4 == 3) {
        int injection = round / 4 + 1;
        x = b.add(x, keys[injection % 3]);
        y = b.add(y, b.add(keys[(injection + 1) % 3], b.intConstant(injection)));
      }
    }
    return x;
  }

  private Local unary(Op.UnaryKind kind, Local x) {
    return switch (kind) {
      case NEG -> b.unary(UnaryOp.NEG, x);
      case ABS -> b.unary(UnaryOp.ABS, x);
      case SIGN -> sign(x);
      case EXP -> MathLibrary.exp(b, x);
      case EXPM1 -> MathLibrary.expm1(b, x);
      case LOG -> MathLibrary.log(b, x);
      case LOG1P -> maths.log1p(x);
      case SQRT -> b.unary(UnaryOp.SQRT, x);
      case RSQRT -> b.div(b.constant(1f), b.unary(UnaryOp.SQRT, x));
      case RECIPROCAL -> b.div(b.constant(1f), x);
      case SIN -> MathLibrary.sin(b, x);
      case COS -> MathLibrary.cos(b, x);
      case TANH -> MathLibrary.tanh(b, x);
      case SIGMOID -> MathLibrary.sigmoid(b, x);
      case ERF -> MathLibrary.erf(b, x);
      case FLOOR -> b.unary(UnaryOp.FLOOR, x);
      case CEIL -> b.unary(UnaryOp.CEIL, x);
      case ROUND -> b.unary(UnaryOp.ROUND, x);
      case NOT -> b.unary(UnaryOp.NOT, x);
      case IS_FINITE ->
          b.compare(CompareOp.LT, b.unary(UnaryOp.ABS, x), b.constant(Float.POSITIVE_INFINITY));
    };
  }

  private Local sign(Local x) {
    if (x.type() == Type.I32) {
      return b.max(b.min(x, b.intConstant(1)), b.intConstant(-1));
    }
    Local zero = b.constant(0f);
    Local upper = b.select(b.compare(CompareOp.GT, x, zero), b.constant(1f), x);
    return b.select(b.compare(CompareOp.LT, x, zero), b.constant(-1f), upper);
  }

  private Local binary(Op.BinaryKind kind, DType from, Local x, Local y) {
    if (x.type() == Type.MASK) {
      return truth(kind, x, y);
    }
    boolean floating = x.type() == Type.F32;
    return switch (kind) {
      case ADD -> b.add(x, y);
      case SUB -> b.sub(x, y);
      case MUL -> b.mul(x, y);
      case DIV -> floating ? b.div(x, y) : quotient(x, y);
      case POW -> maths.pow(x, y);
      case REM -> floating ? maths.rem(x, y) : remainder(x, y);
      case MIN -> b.min(x, y);
      case MAX -> b.max(x, y);
      case AND -> b.binary(BinaryOp.AND, x, y);
      case OR -> b.binary(BinaryOp.OR, x, y);
      case XOR -> b.binary(BinaryOp.XOR, x, y);
      case SHL -> b.binary(BinaryOp.SHIFT_LEFT, x, places(from, y));
      case SHR -> b.binary(BinaryOp.SHIFT_RIGHT,
          from == DType.I8 ? b.binary(BinaryOp.AND, x, b.intConstant(255)) : x, places(from, y));
      case EQ -> b.compare(CompareOp.EQ, x, y);
      case NE -> b.compare(CompareOp.NE, x, y);
      case LT -> b.compare(CompareOp.LT, x, y);
      case LE -> b.compare(CompareOp.LE, x, y);
      case GT -> b.compare(CompareOp.GT, x, y);
      case GE -> b.compare(CompareOp.GE, x, y);
    };
  }

  /** A shift by as many places as the narrow type has, taken modulo its width. */
  private Local places(DType type, Local y) {
    return type == DType.I32 ? y : b.binary(BinaryOp.AND, y, b.intConstant(7));
  }

  private Local truth(Op.BinaryKind kind, Local x, Local y) {
    return switch (kind) {
      case AND, MUL, MIN -> b.binary(BinaryOp.AND, x, y);
      case OR, ADD, MAX -> b.binary(BinaryOp.OR, x, y);
      case XOR, NE, SUB -> b.binary(BinaryOp.XOR, x, y);
      case EQ -> not(b.binary(BinaryOp.XOR, x, y));
      case LT -> b.binary(BinaryOp.AND, not(x), y);
      case LE -> b.binary(BinaryOp.OR, not(x), y);
      case GT -> b.binary(BinaryOp.AND, x, not(y));
      case GE -> b.binary(BinaryOp.OR, x, not(y));
      case DIV, POW, REM, SHL, SHR -> throw new IllegalArgumentException(kind + " of truth values");
    };
  }

  private Local not(Local mask) {
    return b.unary(UnaryOp.NOT, mask);
  }

  /**
   * Integer quotient towards zero from two float quotients: the first leaves a remainder so small that the
   * second is exact but for one. By zero it is -1.
   */
  private Local quotient(Local x, Local y) {
    Local divisor = b.unary(UnaryOp.TO_F32, y);
    Local first = floatQuotient(x, divisor);
    Local rest = b.sub(x, b.mul(first, y));
    Local second = floatQuotient(rest, divisor);
    Local q = b.add(first, second);
    rest = b.sub(rest, b.mul(second, y));
    // Once more for the rounding at the end: the remainder must have the dividend's sign and be the smaller.
    Local zero = b.intConstant(0);
    Local towards = b.select(
        b.compare(CompareOp.LT, b.binary(BinaryOp.XOR, x, y), zero), b.intConstant(-1), b.intConstant(1));
    Local tooFar = b.binary(BinaryOp.AND, b.compare(CompareOp.NE, rest, zero),
        b.compare(CompareOp.LT, b.binary(BinaryOp.XOR, rest, x), zero));
    q = b.select(tooFar, b.sub(q, towards), q);
    rest = b.sub(x, b.mul(q, y));
    Local tooShort = notBelow(b.unary(UnaryOp.ABS, rest), b.unary(UnaryOp.ABS, y));
    q = b.select(tooShort, b.add(q, towards), q);
    return b.select(b.compare(CompareOp.EQ, y, zero), b.intConstant(-1), q);
  }

  private Local floatQuotient(Local x, Local divisor) {
    return b.unary(UnaryOp.TO_I32, b.div(b.unary(UnaryOp.TO_F32, x), divisor));
  }

  /** Unsigned x >= y, for sizes of integers: that of the least one is 2^31. */
  private Local notBelow(Local x, Local y) {
    Local flip = b.intConstant(Integer.MIN_VALUE);
    return b.compare(CompareOp.GE, b.binary(BinaryOp.XOR, x, flip), b.binary(BinaryOp.XOR, y, flip));
  }

  private Local remainder(Local x, Local y) {
    Local rest = b.sub(x, b.mul(quotient(x, y), y));
    return b.select(b.compare(CompareOp.EQ, y, b.intConstant(0)), x, rest);
  }

  private Local where(Local condition, Local x, Local y) {
    return x.type() != Type.MASK ? b.select(condition, x, y)
        : b.binary(BinaryOp.OR, b.binary(BinaryOp.AND, condition, x),
            b.binary(BinaryOp.AND, not(condition), y));
  }

  private Local cast(DType to, Local x) {
    return switch (to) {
      case F32, F16, BF16 -> switch (x.type()) {
        case I32 -> b.unary(UnaryOp.TO_F32, x);
        case MASK -> b.select(x, b.constant(1f), b.constant(0f));
        default -> x;
      };
      case I32, I8, U8 -> switch (x.type()) {
        case F32 -> b.unary(UnaryOp.TO_I32, x);
        case MASK -> b.select(x, b.intConstant(1), b.intConstant(0));
        default -> x;
      };
      case BOOL -> switch (x.type()) {
        case F32 -> b.compare(CompareOp.NE, x, b.constant(0f));
        case I32 -> b.compare(CompareOp.NE, x, b.intConstant(0));
        default -> x;
      };
      case F64, I64 -> throw new IllegalArgumentException("no lanes in " + to);
    };
  }
}
