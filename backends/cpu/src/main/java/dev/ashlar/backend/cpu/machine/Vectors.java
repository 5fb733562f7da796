package dev.ashlar.backend.cpu.machine;

import dev.ashlar.backend.cpu.kernel.Access;
import dev.ashlar.backend.cpu.kernel.Element;
import dev.ashlar.backend.cpu.kernel.Expr;
import dev.ashlar.backend.cpu.kernel.Local;
import dev.ashlar.backend.cpu.kernel.Type;
import dev.ashlar.backend.cpu.machine.Lir.Arg;
import dev.ashlar.backend.cpu.machine.Lir.Place;
import dev.ashlar.backend.cpu.machine.Lir.Reg;
import dev.ashlar.backend.cpu.x86.Instruction;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Vector expressions. A value is one register for each part of the 16 lanes; where all lanes are known to be
 * equal one register serves all parts. Loads that are used once are held back, to become the memory operand
 * of the instruction that uses them.
 */
final class Vectors {

  private final Code code;
  private final Indices indices;
  private final Arithmetic arithmetic;
  private final Transfers transfers;
  private final Uses uses;
  private final Map<Local, Reg[]> values = new HashMap<>();
  private final Map<Local, Expr.Load> pending = new LinkedHashMap<>();
  private final Map<Local, Expr> constants = new HashMap<>();

  Vectors(Code code, Indices indices, Uses uses) {
    this.code = code;
    this.indices = indices;
    this.uses = uses;
    this.arithmetic = new Arithmetic(code);
    this.transfers = new Transfers(code, indices, arithmetic, this::get);
  }

  Transfers transfers() {
    return transfers;
  }

  void define(Local local, Reg... parts) {
    values.put(local, parts);
  }

  /** The registers of a local: one for each part, or one for all. */
  Reg[] get(Local local) {
    var load = pending.remove(local);
    if (load != null) {
      values.put(local, transfers.load(load));
    }
    var found = values.get(local);
    if (found == null) {
      throw new IllegalStateException("no value for " + local);
    }
    return found;
  }

  /** Writes the loads that were held back. */
  void flush() {
    pending.keySet().stream().toList().forEach(this::get);
  }

  /** Forgets loads that became memory operands. */
  void used(Iterable<Local> operands) {
    operands.forEach(pending::remove);
  }

  /** Holds the load of an immutable local back if it can become a memory operand; says whether. */
  boolean holdBack(Local local, Expr.Load load) {
    boolean whole = load.access() instanceof Access.Contiguous && !transfers.inTail();
    boolean single = load.access() instanceof Access.Single && code.avx512();
    boolean words = load.from().element() == Element.F32 || load.from().element() == Element.I32;
    boolean hold = !local.mutable() && words && (whole || single) && load.mask() == null
        && uses.onceInBlock(local);
    if (hold) {
      pending.put(local, load);
    }
    return hold;
  }

  private Reg reg(Local local, int part) {
    var parts = get(local);
    return parts[parts.length == 1 ? 0 : part];
  }

  /** The register of a part, or the memory that it would be loaded from. */
  private Arg operand(Local local, int part) {
    var load = pending.get(local);
    if (load == null) {
      return reg(local, part);
    }
    var place = indices.address(load.from(), load.offset());
    return load.access() instanceof Access.Single ? place.broadcast(true)
        : place.plus(part * code.target.bits() / 8);
  }

  private boolean isMemory(Local local) {
    return pending.containsKey(local);
  }

  private boolean isUniform(Local local) {
    var load = pending.get(local);
    return load != null ? load.access() instanceof Access.Single : values.get(local).length == 1;
  }

  private int parts(Reg @Nullable [] into, Local... operands) {
    if (into != null) {
      return into.length;
    }
    return Arrays.stream(operands).allMatch(this::isUniform) ? 1 : code.target.parts();
  }

  private static Reg[] each(int parts, IntFunction<Reg> part) {
    var result = new Reg[parts];
    Arrays.setAll(result, part);
    return result;
  }

  private static @Nullable Reg part(Reg @Nullable [] into, int part) {
    return into == null ? null : into[part];
  }

  /**
   * The value of an expression of vector type; in {@code into} where that is given and the result says so by
   * being it.
   */
  Reg[] lower(Local local, Expr value, Reg @Nullable [] into) {
    return switch (value) {
      case Expr.Copy(var a) -> a.mutable() ? copies(get(a)) : get(a);
      case Expr.FloatConstant(var constant) -> {
        note(local, value);
        yield new Reg[] {code.splat(Float.floatToRawIntBits(constant))};
      }
      case Expr.IntConstant(var constant) -> {
        note(local, value);
        yield new Reg[] {code.splat(constant)};
      }
      case Expr.Iota(var start) -> transfers.iota(indices.get(start));
      case Expr.Splat(var index) -> new Reg[] {transfers.splat(indices.get(index))};
      case Expr.FirstLanes(var count) -> transfers.firstLanes(indices.get(count));
      case Expr.Load load -> transfers.load(load);
      case Expr.Unary(var op, var a) -> unary(op, a, into);
      case Expr.Binary(var op, var a, var b) -> binary(op, a, b, into);
      case Expr.Compare(var op, var a, var b) -> each(parts(null, a, b),
          p -> arithmetic.compare(op, a.type(), reg(a, p), a.type() == Type.F32 ? operand(b, p) : reg(b, p)));
      case Expr.Fma fma -> fma(fma, into);
      case Expr.Select(var mask, var a, var b) -> each(parts(into, mask, a, b),
          p -> arithmetic.select(reg(mask, p), reg(a, p), reg(b, p), part(into, p)));
      case Expr.ReduceLanes(var op, var a) -> reduce(op, a.type(), get(a));
      case Expr.Exchange exchange -> exchange(exchange);
      case Expr.IndexConstant _, Expr.IndexBinary _, Expr.IndexLoad _ ->
          throw new IllegalArgumentException("not a vector: " + value);
    };
  }

  private void note(Local local, Expr value) {
    if (!local.mutable()) {
      constants.put(local, value);
    }
  }

  private Reg[] copies(Reg[] from) {
    return each(from.length, p -> code.copyOf(from[p]));
  }

  private Reg[] unary(Expr.UnaryOp op, Local a, Reg @Nullable [] into) {
    boolean cast = op == Expr.UnaryOp.BITS_OF_F32 || op == Expr.UnaryOp.F32_OF_BITS;
    if (cast) {
      return a.mutable() ? copies(get(a)) : get(a);
    }
    if (a.type() == Type.MASK) {
      return each(get(a).length, p -> arithmetic.notMask(reg(a, p)));
    }
    return each(parts(into, a), p -> arithmetic.unary(op, a.type(), reg(a, p), part(into, p)));
  }

  private Reg[] binary(Expr.BinaryOp op, Local x, Local y, Reg @Nullable [] into) {
    var type = x.type();
    if (type == Type.MASK) {
      return each(parts(null, x, y), p -> arithmetic.masks(op, reg(x, p), reg(y, p)));
    }
    boolean swap = Arithmetic.isCommutative(op, type)
        && (isMemory(x) && !isMemory(y) || constants.containsKey(x) && !isMemory(y));
    var a = swap ? y : x;
    var b = swap ? x : y;
    var constant = constants.get(b);
    int parts = parts(into, a, b);
    return each(parts, p -> {
      if (constant instanceof Expr.IntConstant(var count) && isShift(op)) {
        return arithmetic.shift(op, reg(a, p), count, part(into, p));
      }
      if (type == Type.F32 && (op == Expr.BinaryOp.MIN || op == Expr.BinaryOp.MAX)) {
        return extreme(op == Expr.BinaryOp.MAX, a, b, p, part(into, p));
      }
      var second = Arithmetic.takesMemory(op, type) ? operand(b, p) : reg(b, p);
      return arithmetic.binary(op, type, reg(a, p), second, part(into, p));
    });
  }

  private static boolean isShift(Expr.BinaryOp op) {
    return op == Expr.BinaryOp.SHIFT_LEFT || op == Expr.BinaryOp.SHIFT_RIGHT
        || op == Expr.BinaryOp.SHIFT_RIGHT_SIGNED;
  }

  private Reg extreme(boolean max, Local a, Local b, int part, @Nullable Reg into) {
    Reg result = null;
    if (constants.get(b) instanceof Expr.FloatConstant(var c)) {
      result = arithmetic.extreme(max, c, reg(a, part), into);
    } else if (constants.get(a) instanceof Expr.FloatConstant(var c)) {
      result = arithmetic.extreme(max, c, reg(b, part), into);
    }
    return result != null ? result
        : arithmetic.binary(max ? Expr.BinaryOp.MAX : Expr.BinaryOp.MIN, Type.F32, reg(a, part), reg(b,
            part), into);
  }

  // ---- multiply-add: the result replaces an operand, so that one should be needed no more

  private Reg[] fma(Expr.Fma fma, Reg @Nullable [] into) {
    return each(parts(into, fma.a(), fma.b(), fma.c()), p -> fma(fma, p, part(into, p)));
  }

  private Reg fma(Expr.Fma fma, int p, @Nullable Reg into) {
    var a = isMemory(fma.a()) && !isMemory(fma.b()) ? fma.b() : fma.a();
    var b = a.equals(fma.a()) ? fma.b() : fma.a();
    var c = fma.c();
    if (into != null && into == known(c, p)) {
      code.change(Instruction.VFMADD231PS, into, reg(a, p), operand(b, p));
      return into;
    }
    if (into != null && into == known(a, p) && into != known(b, p)) {
      code.change(Instruction.VFMADD213PS, into, reg(b, p), operand(c, p));
      return into;
    }
    if (into != null && into == known(b, p) && into != known(a, p)) {
      code.change(Instruction.VFMADD213PS, into, reg(a, p), operand(c, p));
      return into;
    }
    boolean memory = isMemory(c) || constants.containsKey(c);
    Reg result;
    if (ends(a, b, c)) {
      result = code.copyOf(reg(a, p));
      code.change(Instruction.VFMADD213PS, result, reg(b, p), operand(c, p));
    } else if (ends(b, a, c)) {
      result = code.copyOf(reg(b, p));
      code.change(Instruction.VFMADD213PS, result, reg(a, p), operand(c, p));
    } else if (memory && !ends(c, a, b)) {
      result = code.copyOf(reg(a, p));
      code.change(Instruction.VFMADD213PS, result, reg(b, p), operand(c, p));
    } else {
      result = code.copyOf(reg(c, p));
      code.change(Instruction.VFMADD231PS, result, reg(a, p), operand(b, p));
    }
    return result;
  }

  private @Nullable Reg known(Local local, int part) {
    var parts = isMemory(local) ? null : get(local);
    return parts == null ? null : parts[parts.length == 1 ? 0 : part];
  }

  /** Whether this use of a local is its last, its register is its own, and no other operand is the same. */
  private boolean ends(Local local, Local other, Local another) {
    return !isMemory(local) && uses.endsHere(local) && !local.equals(other) && !local.equals(another)
        && get(local).length == code.target.parts() && get(local)[0].source == null;
  }

  // ---- across lanes

  private Reg[] reduce(Expr.Reduction op, Type type, Reg[] parts) {
    Reg all;
    if (code.avx512()) {
      all = parts[0];
      for (int control : new int[] {0x4E, 0xB1}) { // halves, then quarters
        all = combine(op, type, all, code.vector(Instruction.VSHUFF32X4, all, all, Code.number(control)));
      }
    } else {
      all = combine(op, type, parts[0], parts[parts.length - 1]);
      all = combine(op, type, all, code.vector(Instruction.VPERM2F128, all, all, Code.number(1)));
    }
    for (int control : new int[] {0x4E, 0xB1}) {
      all = combine(op, type, all, code.vector(Instruction.VPERMILPS, all, Code.number(control)));
    }
    return new Reg[] {all};
  }

  private Reg combine(Expr.Reduction op, Type type, Reg a, Reg b) {
    return arithmetic.binary(op.op(), type, a, b, null);
  }

  private Reg[] exchange(Expr.Exchange exchange) {
    var a = exchange.a();
    var b = exchange.b();
    boolean high = exchange.high();
    int parts = code.target.parts();
    if (exchange.distance() == 8 && parts == 2) {
      int from = high ? 1 : 0;
      return new Reg[] {only(a, from), only(b, from)};
    }
    return each(parts, p -> exchange(exchange.distance(), high, reg(a, p), reg(b, p)));
  }

  /** One part; if it would be loaded, without the others. */
  private Reg only(Local local, int part) {
    return isMemory(local) ? code.vector(Instruction.VMOVUPS, operand(local, part)) : code.copyOf(reg(local, part));
  }

  private Reg exchange(int distance, boolean high, Reg a, Reg b) {
    return switch (distance) {
      case 8 -> code.vector(Instruction.VSHUFF32X4, a, b, Code.number(high ? 0xEE : 0x44));
      case 4 -> code.avx512() ? permute(distance, high, a, b)
          : code.vector(Instruction.VPERM2F128, a, b, Code.number(high ? 0x31 : 0x20));
      case 2 -> code.vector(high ? Instruction.VUNPCKHPD : Instruction.VUNPCKLPD, a, b);
      default -> code.avx512() ? permute(distance, high, a, b) : neighbours(high, a, b);
    };
  }

  /** One operand with the lanes of the other moved in under a mask. */
  private Reg permute(int distance, boolean high, Reg a, Reg b) {
    var result = code.copyOf(high ? b : a);
    var other = high ? a : b;
    int upper = distance == 4 ? 0xF0F0 : 0xAAAA; // the lanes with (lane & distance) != 0
    var lanes = code.maskConstant(high ? ~upper & 0xFFFF : upper);
    if (distance == 4) { // quarters 0 and 2 up by one, or 1 and 3 down by one
      code.op(Instruction.VSHUFF32X4, Lir.Role.MODIFY, lanes, false, result, other, other,
          Code.number(high ? 0b11_11_01_01 : 0b10_10_00_00));
    } else {
      code.op(high ? Instruction.VMOVSHDUP : Instruction.VMOVSLDUP, Lir.Role.MODIFY, lanes, false, result,
          other);
    }
    return result;
  }

  private Reg neighbours(boolean high, Reg a, Reg b) {
    return high
        ? code.vector(Instruction.VBLENDPS, code.vector(Instruction.VMOVSHDUP, a), b, Code.number(0xAA))
        : code.vector(Instruction.VBLENDPS, a, code.vector(Instruction.VMOVSLDUP, b), Code.number(0xAA));
  }

  /** A variable's register for each part, with the value. */
  Reg[] variable(Local local, Expr initial) {
    var value = lower(local, initial, null);
    int parts = local.type() == Type.MASK && code.avx512() ? 1 : code.target.parts();
    return each(parts, p -> code.copyOf(value[value.length == 1 ? 0 : p]));
  }

  /** Gives a variable its value; in a tail, where {@code merge}, only the active lanes. */
  void assign(Local variable, Expr value, boolean merge) {
    var into = get(variable);
    boolean direct = !merge && variable.type() != Type.MASK;
    var result = lower(variable, value, direct ? into : null);
    for (int p = 0; p < into.length; p++) {
      var from = result[result.length == 1 ? 0 : p];
      if (merge) {
        transfers.merge(variable.type(), into[p], from, p);
      } else if (from != into[p]) {
        code.copy(into[p], from);
      }
    }
  }

  /** A scalar of the argument block, in all lanes. */
  void parameter(Local local, int position) {
    define(local, code.fromStart(Lir.Bank.VECTOR, Place.argument(position).broadcast(true)));
  }
}
