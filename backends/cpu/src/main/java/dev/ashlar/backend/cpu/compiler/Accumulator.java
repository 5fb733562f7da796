package dev.ashlar.backend.cpu.compiler;

import dev.ashlar.backend.cpu.kernel.Expr;
import dev.ashlar.backend.cpu.kernel.KernelBuilder;
import dev.ashlar.backend.cpu.kernel.Local;
import dev.ashlar.tensor.Op;
import org.jspecify.annotations.Nullable;

/**
 * A reduction over a row in sixteen lanes. The order is fixed by the row alone: element i of a block goes to
 * lane i mod 16; the lanes of a block are added to those of the blocks before; at the end the lanes are
 * combined in a fixed tree. A block is {@link #BLOCK} neighbours, or a shorter run where the row consists of
 * several.
 */
final class Accumulator {

  static final int BLOCK = 4096;

  final Value.Reduced reduced;
  private final KernelBuilder code;
  private final boolean blocked;
  private final @Nullable Local index;
  private final Local total;
  private @Nullable Local block;

  Accumulator(KernelBuilder code, Value.Reduced reduced, Loops loops) {
    this.code = code;
    this.reduced = reduced;
    boolean isSum = reduced.op instanceof Op.Reduce o
        && (o.kind() == Op.ReduceKind.SUM || o.kind() == Op.ReduceKind.PROD);
    blocked = isSum && (loops.inner().size() > 1 || loops.inner().getLast().extent() > BLOCK);
    total = code.variable(neutral(code, reduced));
    index = reduced.op instanceof Op.ArgMax
        ? code.variable(code.let(new Expr.Iota(code.constant(0)))) : null;
  }

  /** What a reduction starts from. */
  static Local neutral(KernelBuilder code, Value.Reduced reduced) {
    boolean floating = reduced.operand.dtype().isFloating();
    return switch (reduced.op) {
      case Op.Reduce o -> switch (o.kind()) {
        case SUM -> floating ? code.constant(0f) : code.intConstant(0);
        case PROD -> floating ? code.constant(1f) : code.intConstant(1);
        case MAX -> floating
            ? code.constant(Float.NEGATIVE_INFINITY) : code.intConstant(Integer.MIN_VALUE);
        case MIN -> floating
            ? code.constant(Float.POSITIVE_INFINITY) : code.intConstant(Integer.MAX_VALUE);
      };
      default -> code.intConstant(Integer.MIN_VALUE);
    };
  }

  static Expr.Reduction reduction(Op.Reduce op) {
    return switch (op.kind()) {
      case SUM -> Expr.Reduction.ADD;
      case PROD -> Expr.Reduction.MUL;
      case MAX -> Expr.Reduction.MAX;
      case MIN -> Expr.Reduction.MIN;
    };
  }

  /** Before a block. */
  void begin() {
    block = blocked ? code.variable(neutral(code, reduced)) : total;
  }

  /** In the vector loop: takes sixteen elements in. */
  void add(Local elements, Local position) {
    Local into = java.util.Objects.requireNonNull(block);
    if (index == null) {
      code.assign(into, new Expr.Binary(reduction((Op.Reduce) reduced.op).op(), into, elements));
      return;
    }
    Local key = Pointwise.order(code, reduced.operand.dtype(), elements);
    Local wins = code.compare(Expr.CompareOp.GT, key, into);
    code.assign(index, new Expr.Select(wins, code.let(new Expr.Iota(position)), index));
    code.assign(into, new Expr.Select(wins, key, into));
  }

  /** After a block. */
  void end() {
    if (blocked) {
      code.assign(total, new Expr.Binary(reduction((Op.Reduce) reduced.op).op(), total,
          java.util.Objects.requireNonNull(block)));
    }
  }

  /** The reduction, in all lanes. */
  Local result() {
    if (index == null) {
      return Pointwise.narrowed(code, reduced.dtype, code.reduce(reduction((Op.Reduce) reduced.op), total));
    }
    Local largest = code.reduce(Expr.Reduction.MAX, total);
    Local holds = code.compare(Expr.CompareOp.EQ, code.copy(total), largest);
    Local place = code.select(holds, code.copy(index), code.intConstant(Integer.MAX_VALUE));
    return code.reduce(Expr.Reduction.MIN, place);
  }
}
