package dev.ashlar.backend.cpu.bytecode;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.ashlar.backend.cpu.kernel.Element;
import dev.ashlar.backend.cpu.kernel.Expr;
import dev.ashlar.backend.cpu.kernel.Local;
import dev.ashlar.backend.cpu.kernel.Memory;
import dev.ashlar.backend.cpu.kernel.Statement;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** The body of a generated method: where its values are, integer arithmetic, places in memory. */
class Body {
  final Plan plan;
  final Addressing addressing;
  final CodeBuilder code;
  private final Map<Local, Integer> slots = new HashMap<>();
  private final Map<Memory, Integer> memories = new HashMap<>();

  Body(Plan plan, Addressing addressing, CodeBuilder code) {
    this.plan = plan;
    this.addressing = addressing;
    this.code = code;
  }

  /** How memory is reached. */
  enum Addressing {
    /** By address, through one segment that covers everything and is a constant: needs native access. */
    ADDRESSES,
    /** Each buffer through its own segment, every access checked against it. */
    SEGMENTS;

    ClassDesc type() {
      return this == ADDRESSES ? CD_long : Names.SEGMENT;
    }
  }

  final void place(Local local, int slot) {
    slots.put(local, slot);
  }

  final void place(Memory memory, int slot) {
    memories.put(memory, slot);
  }

  final int slot(Local local) {
    return Objects.requireNonNull(slots.get(local), () -> local + " has no place in " + plan.kernel().name());
  }

  final boolean isPlaced(Local local) {
    return slots.containsKey(local);
  }

  final int slot(Memory memory) {
    return Objects.requireNonNull(memories.get(memory), memory::name);
  }

  /** Pushes a buffer or scratch as an argument for another method. */
  final void pushBase(Memory memory) {
    if (addressing == Addressing.ADDRESSES) {
      code.lload(slot(memory));
    } else {
      code.aload(slot(memory));
    }
  }

  // integers

  final void pushIndex(Local local) {
    if (plan.values().get(local) instanceof Expr.IndexConstant(var constant)) {
      code.loadConstant(constant);
    } else {
      code.lload(slot(local));
    }
  }

  /** A Let, Assign or StoreIndex of an INDEX. */
  final void integers(Statement statement) {
    switch (statement) {
      case Statement.Let(var _, Expr.IndexConstant _) when isConstant(statement) -> {}
      case Statement.Let(var local, var value) -> {
        pushIndex(value);
        if (!isPlaced(local)) {
          place(local, code.allocateLocal(TypeKind.LONG));
        }
        code.lstore(slot(local));
      }
      case Statement.Assign(var local, var value) -> {
        pushIndex(value);
        code.lstore(slot(local));
      }
      case Statement.StoreIndex(var to, var offset, var value) -> {
        var element = to.element();
        pushSegment(to);
        code.getstatic(Names.VALUE_LAYOUT, Names.layout(element), Names.layoutType(element));
        pushPlace(to, offset, 0);
        pushIndex(value);
        if (element != Element.I64) {
          code.l2i();
        }
        code.invokeinterface(Names.SEGMENT, "set", MethodTypeDesc.of(
            CD_void, Names.layoutType(element), CD_long, Names.carrier(element)));
      }
      default -> throw new IllegalStateException("not about integers: " + statement);
    }
  }

  private boolean isConstant(Statement statement) {
    return statement instanceof Statement.Let(var local, var value)
        && !local.mutable() && value.equals(plan.values().get(local));
  }

  private void pushIndex(Expr value) {
    switch (value) {
      case Expr.Copy(var a) -> pushIndex(a);
      case Expr.IndexConstant(var constant) -> code.loadConstant(constant);
      case Expr.IndexBinary(var op, var a, var b) -> {
        pushIndex(a);
        pushIndex(b);
        switch (op) {
          case ADD -> code.ladd();
          case SUB -> code.lsub();
          case MUL -> code.lmul();
          case DIV -> code.ldiv();
          case REM -> code.lrem();
          case MIN, MAX -> code.invokestatic(Names.MATH, op == Expr.IndexOp.MIN ? "min" : "max",
              MethodTypeDesc.of(CD_long, CD_long, CD_long));
        }
      }
      case Expr.IndexLoad(var from, var offset) -> {
        pushElement(from, offset, 0);
        switch (from.element()) {
          case I64 -> {}
          case U8 -> code.sipush(0xFF).iand().i2l();
          default -> code.i2l();
        }
      }
      default -> throw new IllegalStateException("not an INDEX: " + value);
    }
  }

  /** Jumps to {@code target} unless the comparison holds. */
  final void unless(Expr.CompareOp op, Local a, Local b, Label target) {
    pushIndex(a);
    pushIndex(b);
    code.lcmp();
    switch (op) {
      case EQ -> code.ifne(target);
      case NE -> code.ifeq(target);
      case LT -> code.ifge(target);
      case LE -> code.ifgt(target);
      case GT -> code.ifle(target);
      case GE -> code.iflt(target);
    }
  }

  // memory

  /** Pushes the segment that an access to this memory goes through. */
  final void pushSegment(Memory memory) {
    if (addressing == Addressing.ADDRESSES) {
      code.loadConstant(Names.EVERYTHING);
    } else {
      code.aload(slot(memory));
    }
  }

  /** Pushes where in that segment an element lies, in bytes, {@code further} bytes on. */
  void pushPlace(Memory memory, Local offset, long further) {
    pushIndex(offset);
    int bytes = memory.element().bytes();
    if (bytes > 1) {
      code.loadConstant(Integer.numberOfTrailingZeros(bytes)).lshl();
    }
    if (addressing == Addressing.ADDRESSES) {
      code.lload(slot(memory)).ladd();
    }
    if (further != 0) {
      code.loadConstant(further).ladd();
    }
  }

  /** Reads one element, as its Java carrier. */
  final void pushElement(Memory memory, Local offset, long further) {
    var element = memory.element();
    pushSegment(memory);
    code.getstatic(Names.VALUE_LAYOUT, Names.layout(element), Names.layoutType(element));
    pushPlace(memory, offset, further);
    code.invokeinterface(Names.SEGMENT, "get",
        MethodTypeDesc.of(Names.carrier(element), Names.layoutType(element), CD_long));
  }

  /** Turns an element on the stack into the number of a lane; a BOOL becomes 0 or not 0. */
  final void widen(Element element) {
    switch (element) {
      case F32, I32, I8 -> {}
      case U8, BOOL -> code.sipush(0xFF).iand();
      case F16 -> code.invokestatic(of(Float.class), "float16ToFloat",
          MethodTypeDesc.of(ConstantDescs.CD_float, ConstantDescs.CD_short));
      case BF16 -> code.bipush(16).ishl().invokestatic(of(Float.class), "intBitsToFloat",
          MethodTypeDesc.of(ConstantDescs.CD_float, CD_int));
      case I64 -> throw new IllegalStateException("no lanes in I64");
    }
  }

  static ClassDesc of(Class<?> type) {
    return type.describeConstable().orElseThrow();
  }
}
