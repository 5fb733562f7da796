package dev.ashlar.backend.cpu.bytecode;

import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_short;

import dev.ashlar.backend.cpu.kernel.Element;
import dev.ashlar.backend.cpu.kernel.Expr;
import dev.ashlar.backend.cpu.kernel.Local;
import dev.ashlar.backend.cpu.kernel.Type;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.Collections;
import java.util.Locale;

/** Operations on one lane: a float, an int, or a truth value that is 0 or 1. */
final class PlainLane {
  private static final ClassDesc FLOAT = Body.of(Float.class);
  private static final long UNSIGNED = 0xFFFF_FFFFL;

  private final Body body;
  private final CodeBuilder code;

  PlainLane(Body body) {
    this.body = body;
    this.code = body.code;
  }

  static TypeKind kind(Type type) {
    return type == Type.F32 ? TypeKind.FLOAT : TypeKind.INT;
  }

  void push(Local local) {
    code.loadLocal(kind(local.type()), body.slot(local));
  }

  /** Pushes the value of an expression that looks at this lane alone and not at memory. */
  void evaluate(Expr value) {
    switch (value) {
      case Expr.Copy(var a) -> push(a);
      case Expr.FloatConstant(var constant) -> code.loadConstant(constant);
      case Expr.IntConstant(var constant) -> code.loadConstant(constant);
      case Expr.Unary(var op, var a) -> {
        push(a);
        unary(op, a.type());
      }
      case Expr.Binary(var op, var a, var b) -> {
        push(a);
        push(b);
        binary(op, a.type());
      }
      case Expr.Compare(var op, var a, var b) -> {
        push(a);
        push(b);
        compare(op, a.type());
      }
      case Expr.Fma(var a, var b, var c) -> {
        push(a);
        push(b);
        push(c);
        code.invokestatic(Names.MATH, "fma", MethodTypeDesc.of(CD_float, CD_float, CD_float, CD_float));
      }
      case Expr.Select(var mask, var a, var b) -> {
        push(mask);
        code.ifThenElse(Opcode.IFNE, then -> push(a), otherwise -> push(b));
      }
      default -> throw new IllegalStateException("not of one lane: " + value);
    }
  }

  private void unary(Expr.UnaryOp op, Type type) {
    switch (op) {
      case NEG -> {
        if (type == Type.F32) {
          code.fneg();
        } else {
          code.ineg();
        }
      }
      case ABS -> math("abs", type == Type.F32 ? CD_float : CD_int, 1);
      case NOT -> {
        if (type == Type.MASK) {
          code.iconst_1().ixor();
        } else {
          code.iconst_m1().ixor();
        }
      }
      case SQRT -> inDouble("sqrt");
      case ROUND -> inDouble("rint");
      case FLOOR -> inDouble("floor");
      case CEIL -> inDouble("ceil");
      case TRUNC -> support("truncate", CD_float, CD_float);
      case TO_F32 -> code.i2f();
      case TO_I32 -> code.f2i();
      case BITS_OF_F32 -> code.invokestatic(FLOAT, "floatToRawIntBits", MethodTypeDesc.of(CD_int, CD_float));
      case F32_OF_BITS -> bitsToFloat();
      case ROUND_BF16 -> {
        code.invokestatic(FLOAT, "floatToRawIntBits", MethodTypeDesc.of(CD_int, CD_float));
        support("roundBf16", CD_int, CD_int);
        bitsToFloat();
      }
      case ROUND_F16 -> support("roundF16", CD_float, CD_float);
    }
  }

  private void bitsToFloat() {
    code.invokestatic(FLOAT, "intBitsToFloat", MethodTypeDesc.of(CD_float, CD_int));
  }

  private void math(String name, ClassDesc type, int operands) {
    code.invokestatic(Names.MATH, name, MethodTypeDesc.of(type, Collections.nCopies(operands, type)));
  }

  /**
   * A float function through the same function of doubles: exact, or correctly rounded (sqrt) all the same.
   */
  private void inDouble(String name) {
    code.f2d();
    math(name, CD_double, 1);
    code.d2f();
  }

  private void support(String name, ClassDesc result, ClassDesc operand) {
    code.invokestatic(Names.SUPPORT, name, MethodTypeDesc.of(result, operand));
  }

  private void binary(Expr.BinaryOp op, Type type) {
    boolean isFloat = type == Type.F32;
    switch (op) {
      case ADD -> either(isFloat, Opcode.FADD, Opcode.IADD);
      case SUB -> either(isFloat, Opcode.FSUB, Opcode.ISUB);
      case MUL -> either(isFloat, Opcode.FMUL, Opcode.IMUL);
      case DIV -> code.fdiv();
      case MIN, MAX -> math(op.name().toLowerCase(Locale.ROOT), isFloat ? CD_float : CD_int, 2);
      case AND -> code.iand();
      case OR -> code.ior();
      case XOR -> code.ixor();
      case SHIFT_LEFT -> code.ishl();
      case SHIFT_RIGHT -> code.iushr();
      case SHIFT_RIGHT_SIGNED -> code.ishr();
      case MUL_HIGH_UNSIGNED -> {
        code.i2l().loadConstant(UNSIGNED).land();
        int b = code.allocateLocal(TypeKind.LONG);
        code.lstore(b);
        code.i2l().loadConstant(UNSIGNED).land().lload(b).lmul().bipush(32).lushr().l2i();
      }
    }
  }

  private void either(boolean isFloat, Opcode ofFloats, Opcode ofInts) {
    code.with(OperatorInstruction.of(isFloat ? ofFloats : ofInts));
  }

  private void compare(Expr.CompareOp op, Type type) {
    Label yes = code.newLabel();
    Label end = code.newLabel();
    if (type == Type.F32) {
      boolean below = op == Expr.CompareOp.LT || op == Expr.CompareOp.LE;
      code.with(OperatorInstruction.of(below ? Opcode.FCMPG : Opcode.FCMPL));
      switch (op) { // with a NaN the comparison came out on the side that fails
        case EQ -> code.ifeq(yes);
        case NE -> code.ifne(yes);
        case LT -> code.iflt(yes);
        case LE -> code.ifle(yes);
        case GT -> code.ifgt(yes);
        case GE -> code.ifge(yes);
      }
    } else {
      switch (op) {
        case EQ -> code.if_icmpeq(yes);
        case NE -> code.if_icmpne(yes);
        case LT -> code.if_icmplt(yes);
        case LE -> code.if_icmple(yes);
        case GT -> code.if_icmpgt(yes);
        case GE -> code.if_icmpge(yes);
      }
    }
    code.iconst_0().goto_(end);
    code.labelBinding(yes);
    code.iconst_1();
    code.labelBinding(end);
  }

  /** An element as it came from memory becomes the value of a lane. */
  void widen(Element element) {
    body.widen(element);
    if (element == Element.BOOL) {
      code.dup().ineg().ior().bipush(31).iushr(); // 1 for anything but 0
    }
  }

  /** The value of a lane becomes an element. */
  void narrow(Element element) {
    switch (element) {
      case F32, I32 -> {}
      case F16 -> code.invokestatic(FLOAT, "floatToFloat16", MethodTypeDesc.of(CD_short, CD_float));
      case BF16 -> {
        code.invokestatic(FLOAT, "floatToRawIntBits", MethodTypeDesc.of(CD_int, CD_float));
        support("roundBf16", CD_int, CD_int);
        code.bipush(16).ishr().i2s();
      }
      case I8, U8, BOOL -> code.i2b();
      case I64 -> throw new IllegalStateException("no lanes in I64");
    }
  }
}
