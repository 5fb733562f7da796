package dev.ashlar.backend.cpu.machine;

import dev.ashlar.backend.cpu.kernel.Expr.BinaryOp;
import dev.ashlar.backend.cpu.kernel.Expr.CompareOp;
import dev.ashlar.backend.cpu.kernel.Expr.UnaryOp;
import dev.ashlar.backend.cpu.kernel.Type;
import dev.ashlar.backend.cpu.machine.Lir.Arg;
import dev.ashlar.backend.cpu.machine.Lir.Reg;
import dev.ashlar.backend.cpu.machine.Lir.Role;
import dev.ashlar.backend.cpu.x86.Instruction;
import org.jspecify.annotations.Nullable;

/**
 * Operations on one register of lanes. Where {@code into} is given the result is written there, by the last
 * instruction; otherwise to a new register.
 */
final class Arithmetic {

  private static final int SIGN = 0x8000_0000;
  private static final int UNORDERED = 3;
  private static final int ORDERED = 7;
  private static final int GREATER_EQUAL = 0x1D;

  private final Code code;

  Arithmetic(Code code) {
    this.code = code;
  }

  private Reg result(@Nullable Reg into, Instruction instruction, Arg... sources) {
    if (into == null) {
      return code.vector(instruction, sources);
    }
    var args = new Arg[sources.length + 1];
    args[0] = into;
    System.arraycopy(sources, 0, args, 1, sources.length);
    code.set(instruction, args);
    return into;
  }

  // ---- two operands

  /** Whether the operands may be exchanged, so that the one in memory is second. */
  static boolean isCommutative(BinaryOp op, Type type) {
    return switch (op) {
      case ADD, MUL, AND, OR, XOR -> true;
      case MIN, MAX -> type == Type.I32;
      default -> false;
    };
  }

  /** Whether the second operand may be memory. */
  static boolean takesMemory(BinaryOp op, Type type) {
    return instruction(op, type, true) != null;
  }

  private static @Nullable Instruction instruction(BinaryOp op, Type type, boolean avx512) {
    if (type == Type.F32) {
      return switch (op) {
        case ADD -> Instruction.VADDPS;
        case SUB -> Instruction.VSUBPS;
        case MUL -> Instruction.VMULPS;
        case DIV -> Instruction.VDIVPS;
        default -> null;
      };
    }
    return switch (op) {
      case ADD -> Instruction.VPADDD;
      case SUB -> Instruction.VPSUBD;
      case MUL -> Instruction.VPMULLD;
      case MIN -> Instruction.VPMINSD;
      case MAX -> Instruction.VPMAXSD;
      case AND -> avx512 ? Instruction.VPANDD : Instruction.VPAND;
      case OR -> avx512 ? Instruction.VPORD : Instruction.VPOR;
      case XOR -> avx512 ? Instruction.VPXORD : Instruction.VPXOR;
      default -> null;
    };
  }

  Reg and(Reg a, Arg b) {
    return binary(BinaryOp.AND, Type.I32, a, b, null);
  }

  Reg or(Reg a, Arg b) {
    return binary(BinaryOp.OR, Type.I32, a, b, null);
  }

  /** F32 or I32, or MASK where masks are vectors. */
  Reg binary(BinaryOp op, Type type, Reg a, Arg b, @Nullable Reg into) {
    var direct = instruction(op, type, code.avx512());
    if (direct != null) {
      return result(into, direct, a, b);
    }
    var second = (Reg) b;
    return switch (op) {
      case MIN, MAX -> extreme(op == BinaryOp.MAX, a, second, into);
      case SHIFT_LEFT -> result(into, Instruction.VPSLLVD, a, and(second, code.splat(31)));
      case SHIFT_RIGHT -> result(into, Instruction.VPSRLVD, a, and(second, code.splat(31)));
      case SHIFT_RIGHT_SIGNED -> result(into, Instruction.VPSRAVD, a, and(second, code.splat(31)));
      case MUL_HIGH_UNSIGNED -> multiplyHigh(a, second, into);
      default -> throw new IllegalArgumentException(op + " of " + type);
    };
  }

  /** A shift by a constant. */
  Reg shift(BinaryOp op, Reg a, int count, @Nullable Reg into) {
    var instruction = switch (op) {
      case SHIFT_LEFT -> Instruction.VPSLLD;
      case SHIFT_RIGHT -> Instruction.VPSRLD;
      default -> Instruction.VPSRAD;
    };
    return result(into, instruction, a, Code.number(count & 31));
  }

  /** Math.max or Math.min: the instructions alone would drop NaN and the order of zeros. */
  private Reg extreme(boolean max, Reg a, Reg b, @Nullable Reg into) {
    if (code.avx512()) {
      // Imm 4 + 0/1: smaller or larger, sign of the comparison's result; a NaN gives way to a number.
      var chosen = code.vector(Instruction.VRANGEPS, a, b, Code.number(max ? 5 : 4));
      var unordered = code.mask(Instruction.VCMPPS, a, b, Code.number(UNORDERED));
      code.op(Instruction.VADDPS, Role.MODIFY, unordered, false, chosen, a, b);
      return moved(chosen, into);
    }
    var instruction = max ? Instruction.VMAXPS : Instruction.VMINPS;
    var one = code.vector(instruction, a, b);
    var other = code.vector(instruction, b, a); // they differ for two zeros and for a NaN
    var both = code.vector(max ? Instruction.VANDPS : Instruction.VORPS, one, other);
    var unordered = code.vector(Instruction.VCMPPS, a, b, Code.number(UNORDERED));
    return result(into, Instruction.VORPS, both, unordered);
  }

  /** Math.max or Math.min with a constant that is not NaN, in one or two instructions, or null. */
  @Nullable Reg extreme(boolean max, float constant, Reg x, @Nullable Reg into) {
    // On a NaN or two zeros the instruction gives its second operand, x.
    int bits = Float.floatToRawIntBits(constant);
    var c = code.splat(bits);
    var instruction = max ? Instruction.VMAXPS : Instruction.VMINPS;
    if (constant != 0 && constant == constant || bits == (max ? SIGN : 0)) {
      return result(into, instruction, c, x);
    }
    if (bits == 0) { // max(-0, +0) must be +0
      return result(into, Instruction.VADDPS, code.vector(instruction, c, x), c);
    }
    return null;
  }

  private Reg multiplyHigh(Reg a, Reg b, @Nullable Reg into) {
    var even = code.vector(Instruction.VPMULUDQ, a, b);
    var odd = code.vector(Instruction.VPMULUDQ, code.vector(Instruction.VPSRLQ, a, Code.number(32)),
        code.vector(Instruction.VPSRLQ, b, Code.number(32)));
    var low = code.vector(Instruction.VPSRLQ, even, Code.number(32));
    var words = new int[16];
    for (int i = 1; i < words.length; i += 2) {
      words[i] = -1;
    }
    return binary(BinaryOp.OR, Type.I32, low, and(odd, code.lanes(0, words)), into);
  }

  private Reg moved(Reg value, @Nullable Reg into) {
    if (into == null) {
      return value;
    }
    code.copy(into, value);
    return into;
  }

  // ---- one operand

  Reg unary(UnaryOp op, Type type, Reg a, @Nullable Reg into) {
    boolean f32 = type == Type.F32;
    return switch (op) {
      case NEG -> f32 ? result(into, Instruction.VXORPS, a, code.splat(SIGN))
          : result(into, Instruction.VPSUBD, code.splat(0), a);
      case ABS -> f32 ? result(into, Instruction.VANDPS, a, code.splat(~SIGN))
          : result(into, Instruction.VPABSD, a);
      case NOT -> binary(BinaryOp.XOR, Type.I32, a, code.splat(-1), into);
      case SQRT -> result(into, Instruction.VSQRTPS, a);
      case ROUND -> round(a, 8, into);
      case FLOOR -> round(a, 9, into);
      case CEIL -> round(a, 10, into);
      case TRUNC -> round(a, 11, into);
      case TO_F32 -> result(into, Instruction.VCVTDQ2PS, a);
      case TO_I32 -> toInt(a, into);
      case BITS_OF_F32, F32_OF_BITS -> moved(a, into);
      case ROUND_BF16 -> result(into, Instruction.VPSLLD, bf16(a), Code.number(16));
      case ROUND_F16 -> {
        var half = code.vector();
        code.set(Instruction.VCVTPS2PH, new Lir.Sized(half, code.target.bits() / 2), a, Code.number(0));
        yield result(into, Instruction.VCVTPH2PS, new Lir.Sized(half, code.target.bits() / 2));
      }
    };
  }

  private Reg round(Reg a, int mode, @Nullable Reg into) {
    return result(into, code.avx512() ? Instruction.VRNDSCALEPS : Instruction.VROUNDPS, a, Code.number(mode));
  }

  /**
   * The conversion gives the smallest int for all it cannot do: right below, inverted above, cleared for
   * NaN.
   */
  private Reg toInt(Reg a, @Nullable Reg into) {
    var converted = code.vector(Instruction.VCVTTPS2DQ, a);
    var limit = code.splat(Float.floatToRawIntBits(0x1p31f));
    if (code.avx512()) {
      var above = code.mask(Instruction.VCMPPS, a, limit, Code.number(GREATER_EQUAL));
      code.op(Instruction.VPXORD, Role.MODIFY, above, false, converted, converted, code.splat(-1));
      var ordered = code.mask(Instruction.VCMPPS, a, a, Code.number(ORDERED));
      var result = code.vector();
      code.op(Instruction.VMOVAPS, Role.DEFINE, ordered, true, result, converted);
      return moved(result, into);
    }
    var above = code.vector(Instruction.VCMPPS, a, limit, Code.number(GREATER_EQUAL));
    var flipped = code.vector(Instruction.VPXOR, converted, above);
    var ordered = code.vector(Instruction.VCMPPS, a, a, Code.number(ORDERED));
    return result(into, Instruction.VPAND, flipped, ordered);
  }

  /** The BF16 nearest to each lane, in the lower half of the lane; the upper half is 0. */
  Reg bf16(Reg a) {
    var upper = code.vector(Instruction.VPSRLD, a, Code.number(16));
    var odd = and(upper, code.splat(1));
    var half = code.vector(Instruction.VPADDD, odd, code.splat(0x7FFF));
    var rounded = code.vector(Instruction.VPSRLD, code.vector(Instruction.VPADDD, half, a), Code.number(16));
    var quiet = or(upper, code.splat(0x40));
    if (code.avx512()) {
      var nan = code.mask(Instruction.VCMPPS, a, a, Code.number(UNORDERED));
      code.op(Instruction.VMOVAPS, Role.MODIFY, nan, false, rounded, quiet);
      return rounded;
    }
    var nan = code.vector(Instruction.VCMPPS, a, a, Code.number(UNORDERED));
    return code.vector(Instruction.VBLENDVPS, rounded, quiet, nan);
  }

  // ---- comparisons and choices

  /** A mask register (AVX-512) or all bits of the lanes that are true (AVX2). */
  Reg compare(CompareOp op, Type type, Reg a, Arg b) {
    if (type == Type.F32) {
      var predicate = Code.number(switch (op) {
        case EQ -> 0;
        case NE -> 4;
        case LT -> 0x11;
        case LE -> 0x12;
        case GT -> 0x1E;
        case GE -> GREATER_EQUAL;
      });
      return code.avx512() ? code.mask(Instruction.VCMPPS, a, b, predicate)
          : code.vector(Instruction.VCMPPS, a, b, predicate);
    }
    if (code.avx512()) {
      return code.mask(Instruction.VPCMPD, a, b, Code.number(switch (op) {
        case EQ -> 0;
        case LT -> 1;
        case LE -> 2;
        case NE -> 4;
        case GE -> 5;
        case GT -> 6;
      }));
    }
    var second = b instanceof Reg reg ? reg : code.vector(Instruction.VMOVUPS, b);
    return switch (op) {
      case EQ -> code.vector(Instruction.VPCMPEQD, a, second);
      case GT -> code.vector(Instruction.VPCMPGTD, a, second);
      case LT -> code.vector(Instruction.VPCMPGTD, second, a);
      case NE -> not(code.vector(Instruction.VPCMPEQD, a, second));
      case LE -> not(code.vector(Instruction.VPCMPGTD, a, second));
      case GE -> not(code.vector(Instruction.VPCMPGTD, second, a));
    };
  }

  private Reg not(Reg a) {
    return binary(BinaryOp.XOR, Type.I32, a, code.splat(-1), null);
  }

  /** mask ? a : b. */
  Reg select(Reg mask, Reg a, Reg b, @Nullable Reg into) {
    if (code.avx512()) {
      var result = into == null ? code.vector() : into;
      code.op(Instruction.VBLENDMPS, Role.DEFINE, mask, false, result, b, a);
      return result;
    }
    return result(into, Instruction.VBLENDVPS, b, a, mask);
  }

  /** Operations on masks. */
  Reg masks(BinaryOp op, Reg a, Reg b) {
    if (!code.avx512()) {
      return binary(op, Type.I32, a, b, null);
    }
    return code.mask(switch (op) {
      case AND -> Instruction.KANDW;
      case OR -> Instruction.KORW;
      default -> Instruction.KXORW;
    }, a, b);
  }

  /** The other lanes. */
  Reg notMask(Reg a) {
    return code.avx512() ? code.mask(Instruction.KNOTW, a) : not(a);
  }
}
