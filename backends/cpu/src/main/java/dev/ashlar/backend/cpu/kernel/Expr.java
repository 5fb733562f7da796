package dev.ashlar.backend.cpu.kernel;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One operation on locals: the right-hand side of a {@link Statement.Let} or {@link Statement.Assign}. */
public sealed interface Expr {

  /** Type of the result. */
  Type type();

  /** The locals it reads, in the order of its components. */
  List<Local> operands();

  /** The value of another local. */
  record Copy(Local a) implements Expr {
    @Override
    public Type type() {
      return a.type();
    }

    @Override
    public List<Local> operands() {
      return List.of(a);
    }
  }

  // ---- index arithmetic

  /** Integer operations on INDEX. */
  enum IndexOp {
    /** Wrapping sum. */
    ADD,
    /** Wrapping difference. */
    SUB,
    /** Wrapping product. */
    MUL,
    /** Quotient towards zero; the divisor must be positive. */
    DIV,
    /** a - a / b * b; the divisor must be positive. */
    REM,
    /** The smaller. */
    MIN,
    /** The larger. */
    MAX
  }

  /** A constant INDEX. */
  record IndexConstant(long value) implements Expr {
    @Override
    public Type type() {
      return Type.INDEX;
    }

    @Override
    public List<Local> operands() {
      return List.of();
    }
  }

  /** Integer arithmetic: INDEX x INDEX to INDEX. */
  record IndexBinary(IndexOp op, Local a, Local b) implements Expr {
    public IndexBinary {
      Check.type(a, Type.INDEX, op.name());
      Check.type(b, Type.INDEX, op.name());
    }

    @Override
    public Type type() {
      return Type.INDEX;
    }

    @Override
    public List<Local> operands() {
      return List.of(a, b);
    }
  }

  /** One integer from memory (I64, I32, I8 or U8), widened to INDEX. */
  record IndexLoad(Memory from, Local offset) implements Expr {
    public IndexLoad {
      Check.type(offset, Type.INDEX, "offset");
      if (!from.element().isIndex()) {
        throw new IllegalArgumentException("no INDEX can be loaded from " + from.element() + " " + from);
      }
    }

    @Override
    public Type type() {
      return Type.INDEX;
    }

    @Override
    public List<Local> operands() {
      return List.of(offset);
    }
  }

  // ---- making vectors

  /** The same float in all lanes. */
  record FloatConstant(float value) implements Expr {
    @Override
    public Type type() {
      return Type.F32;
    }

    @Override
    public List<Local> operands() {
      return List.of();
    }
  }

  /** The same integer in all lanes. */
  record IntConstant(int value) implements Expr {
    @Override
    public Type type() {
      return Type.I32;
    }

    @Override
    public List<Local> operands() {
      return List.of();
    }
  }

  /** I32: lane l is (int) start + l. */
  record Iota(Local start) implements Expr {
    public Iota {
      Check.type(start, Type.INDEX, "start");
    }

    @Override
    public Type type() {
      return Type.I32;
    }

    @Override
    public List<Local> operands() {
      return List.of(start);
    }
  }

  /** I32: every lane is (int) index. */
  record Splat(Local index) implements Expr {
    public Splat {
      Check.type(index, Type.INDEX, "index");
    }

    @Override
    public Type type() {
      return Type.I32;
    }

    @Override
    public List<Local> operands() {
      return List.of(index);
    }
  }

  /** MASK: lane l is l &lt; count. A count below 0 is as 0, above 16 as 16. */
  record FirstLanes(Local count) implements Expr {
    public FirstLanes {
      Check.type(count, Type.INDEX, "count");
    }

    @Override
    public Type type() {
      return Type.MASK;
    }

    @Override
    public List<Local> operands() {
      return List.of(count);
    }
  }

  /**
   * Sixteen elements of memory, converted to lanes. A lane that the mask or the tail of a
   * {@link Statement.VectorLoop} leaves out touches no memory and gets the fill.
   *
   * @param from where; not I64
   * @param offset INDEX of the first element
   * @param mask MASK, or null for all lanes; not with {@link Access.Single}
   * @param fill bits of the value of a lane left out (a float's bits, an int, or 0 and 1 for BOOL)
   */
  record Load(Memory from, Local offset, Access access, @Nullable Local mask, int fill) implements Expr {
    public Load {
      Check.type(offset, Type.INDEX, "offset");
      if (from.element().type() == Type.INDEX) {
        throw new IllegalArgumentException("no lanes can be loaded from " + from.element() + " " + from);
      }
      if (mask != null) {
        Check.type(mask, Type.MASK, "mask");
        if (access instanceof Access.Single) {
          throw new IllegalArgumentException("a single element is loaded without a mask: " + from);
        }
      }
    }

    @Override
    public Type type() {
      return from.element().type();
    }

    @Override
    public List<Local> operands() {
      return memoryOperands(offset, access, mask);
    }
  }

  // ---- lanes to lanes

  /** Operations on each lane alone. */
  enum UnaryOp {
    /** Sign flipped; F32, I32. */
    NEG,
    /** Sign cleared; F32, I32 (wrapping). */
    ABS,
    /** Logical complement; MASK, I32. */
    NOT,
    /** Correctly rounded root; F32. */
    SQRT,
    /** To the nearest integral value, ties to even; F32. */
    ROUND,
    /** To the integral value below; F32. */
    FLOOR,
    /** To the integral value above; F32. */
    CEIL,
    /** To the integral value towards zero; F32. */
    TRUNC,
    /** I32 to the nearest F32, ties to even. */
    TO_F32,
    /** F32 to I32 towards zero; NaN gives 0, what is too large or small the last int there. */
    TO_I32,
    /** The bits of an F32 as I32. */
    BITS_OF_F32,
    /** The F32 of these bits. */
    F32_OF_BITS,
    /** F32 rounded to what a BF16 can hold, ties to even. */
    ROUND_BF16,
    /** F32 rounded to what an F16 can hold, ties to even. */
    ROUND_F16;

    /**
     * Type of the result for an operand.
     *
     * @throws IllegalArgumentException if the operation is not defined for it
     */
    Type result(Local a) {
      switch (this) {
        case NEG, ABS -> Check.oneOf(a, name(), Type.F32, Type.I32);
        case NOT -> Check.oneOf(a, name(), Type.MASK, Type.I32);
        case TO_F32, F32_OF_BITS -> Check.oneOf(a, name(), Type.I32);
        default -> Check.oneOf(a, name(), Type.F32);
      }
      return switch (this) {
        case TO_F32, F32_OF_BITS -> Type.F32;
        case TO_I32, BITS_OF_F32 -> Type.I32;
        default -> a.type();
      };
    }
  }

  /** One operation on each lane. */
  record Unary(UnaryOp op, Local a) implements Expr {
    public Unary {
      op.result(a);
    }

    @Override
    public Type type() {
      return op.result(a);
    }

    @Override
    public List<Local> operands() {
      return List.of(a);
    }
  }

  /** Operations on two lanes. */
  enum BinaryOp {
    /** F32 rounded, I32 wrapping. */
    ADD,
    /** F32 rounded, I32 wrapping. */
    SUB,
    /** F32 rounded, I32 wrapping. */
    MUL,
    /** Correctly rounded; F32. */
    DIV,
    /** As {@link Math#min(float, float)}: NaN if one is NaN, -0 below +0; I32 signed. */
    MIN,
    /** As {@link Math#max(float, float)}: NaN if one is NaN, +0 above -0; I32 signed. */
    MAX,
    /** Bits; I32, MASK. */
    AND,
    /** Bits; I32, MASK. */
    OR,
    /** Bits; I32, MASK. */
    XOR,
    /** Shifted left by the low five bits of b; I32. */
    SHIFT_LEFT,
    /** Shifted right with zeros by the low five bits of b; I32. */
    SHIFT_RIGHT,
    /** Shifted right with the sign by the low five bits of b; I32. */
    SHIFT_RIGHT_SIGNED,
    /** Upper half of the unsigned 64-bit product; I32. */
    MUL_HIGH_UNSIGNED;

    void check(Local a, Local b) {
      Check.same(a, b, name());
      switch (this) {
        case ADD, SUB, MUL, MIN, MAX -> Check.oneOf(a, name(), Type.F32, Type.I32);
        case DIV -> Check.oneOf(a, name(), Type.F32);
        case AND, OR, XOR -> Check.oneOf(a, name(), Type.I32, Type.MASK);
        case SHIFT_LEFT, SHIFT_RIGHT, SHIFT_RIGHT_SIGNED, MUL_HIGH_UNSIGNED ->
            Check.oneOf(a, name(), Type.I32);
      }
    }
  }

  /** One operation on each pair of lanes; both operands and the result have the same type. */
  record Binary(BinaryOp op, Local a, Local b) implements Expr {
    public Binary {
      op.check(a, b);
    }

    @Override
    public Type type() {
      return a.type();
    }

    @Override
    public List<Local> operands() {
      return List.of(a, b);
    }
  }

  /** Comparisons. With a NaN all are false but NE. */
  enum CompareOp {
    /** a = b. */
    EQ,
    /** a != b. */
    NE,
    /** a &lt; b. */
    LT,
    /** a &lt;= b. */
    LE,
    /** a &gt; b. */
    GT,
    /** a &gt;= b. */
    GE
  }

  /** F32 or (signed) I32 lanes to a MASK. */
  record Compare(CompareOp op, Local a, Local b) implements Expr {
    public Compare {
      Check.same(a, b, op.name());
      Check.oneOf(a, op.name(), Type.F32, Type.I32);
    }

    @Override
    public Type type() {
      return Type.MASK;
    }

    @Override
    public List<Local> operands() {
      return List.of(a, b);
    }
  }

  /** F32: a * b + c, rounded once. */
  record Fma(Local a, Local b, Local c) implements Expr {
    public Fma {
      Check.type(a, Type.F32, "fma");
      Check.type(b, Type.F32, "fma");
      Check.type(c, Type.F32, "fma");
    }

    @Override
    public Type type() {
      return Type.F32;
    }

    @Override
    public List<Local> operands() {
      return List.of(a, b, c);
    }
  }

  /** Lane by lane: mask ? a : b. F32 or I32. */
  record Select(Local mask, Local a, Local b) implements Expr {
    public Select {
      Check.type(mask, Type.MASK, "select");
      Check.same(a, b, "select");
      Check.oneOf(a, "select", Type.F32, Type.I32);
    }

    @Override
    public Type type() {
      return a.type();
    }

    @Override
    public List<Local> operands() {
      return List.of(mask, a, b);
    }
  }

  // ---- across lanes

  /** What lanes are combined with. */
  enum Reduction {
    /** Sum. */
    ADD(BinaryOp.ADD),
    /** Product. */
    MUL(BinaryOp.MUL),
    /** Smallest. */
    MIN(BinaryOp.MIN),
    /** Largest. */
    MAX(BinaryOp.MAX);

    private final BinaryOp op;

    Reduction(BinaryOp op) {
      this.op = op;
    }

    /** The operation on two lanes. */
    public BinaryOp op() {
      return op;
    }
  }

  /**
   * All lanes combined, in all lanes. The tree is fixed: for d = 8, 4, 2, 1 lane l becomes
   * op(lane l, lane l xor d). F32 or I32. Lanes outside the mask of a tail take part.
   */
  record ReduceLanes(Reduction op, Local a) implements Expr {
    public ReduceLanes {
      Check.oneOf(a, "reduce", Type.F32, Type.I32);
    }

    @Override
    public Type type() {
      return a.type();
    }

    @Override
    public List<Local> operands() {
      return List.of(a);
    }
  }

  /**
   * A step of a 16 x 16 transposition. With {@code high} false, lane l is a[l] where (l &amp; distance) = 0
   * and b[l - distance] elsewhere; with {@code high} true it is a[l + distance] where (l &amp; distance) = 0
   * and b[l] elsewhere. For distance 8, 4, 2, 1, rows r and r + distance become (low, high) of the two.
   *
   * @param distance 1, 2, 4 or 8
   */
  record Exchange(boolean high, int distance, Local a, Local b) implements Expr {
    public Exchange {
      Check.same(a, b, "exchange");
      Check.oneOf(a, "exchange", Type.F32, Type.I32);
      if (distance != 1 && distance != 2 && distance != 4 && distance != 8) {
        throw new IllegalArgumentException("exchange: distance " + distance + " is not 1, 2, 4 or 8");
      }
    }

    @Override
    public Type type() {
      return a.type();
    }

    @Override
    public List<Local> operands() {
      return List.of(a, b);
    }
  }

  /** The locals of a load or store. */
  static List<Local> memoryOperands(Local offset, Access access, @Nullable Local mask) {
    var operands = new ArrayList<Local>();
    operands.add(offset);
    switch (access) {
      case Access.Strided(var stride) -> operands.add(stride);
      case Access.Gather(var lanes) -> operands.add(lanes);
      case Access.Contiguous _, Access.Single _ -> {}
    }
    if (mask != null) {
      operands.add(mask);
    }
    return operands;
  }
}
