package dev.ashlar.backend.cpu.bytecode;

import dev.ashlar.backend.cpu.kernel.Expr;
import dev.ashlar.backend.cpu.kernel.Statement;
import java.util.List;

/** Methods over plain numbers are as large as their bytecode: above 8000 bytes they are never compiled. */
final class PlainSize implements UnitSize {
  /** Estimated bytes; a statement costs tens. */
  private static final int LARGEST = 6000;
  private static final int FETCH = 24;

  @Override public boolean fits(Unit unit) {
    int fetched = 0;
    if (unit.loops()) {
      var outside = unit.read();
      outside.removeAll(unit.defined());
      fetched = (int) outside.stream().filter(local -> local.type().isVector()).count();
    }
    return bytes(unit.statements()) + 2 * fetched * FETCH <= LARGEST;
  }

  private static int bytes(List<Statement> statements) {
    return statements.stream().mapToInt(PlainSize::bytes).sum();
  }

  private static int bytes(Statement statement) {
    return switch (statement) {
      case Statement.Let(var local, var value) -> local.type().isVector() ? bytes(value) : 12;
      case Statement.Assign(var local, var value) -> local.type().isVector() ? bytes(value) + 8 : 12;
      case Statement.Store _ -> 40;
      case Statement.If branch -> 20 + bytes(branch.then()) + bytes(branch.otherwise());
      default -> 20;
    };
  }

  private static int bytes(Expr value) {
    return switch (value) {
      case Expr.Load _ -> 45;
      case Expr.ReduceLanes _, Expr.Exchange _ -> 60;
      case Expr.Binary(var op, var _, var _) -> op == Expr.BinaryOp.MUL_HIGH_UNSIGNED ? 120 : 16;
      case Expr.Unary(var op, var _) -> switch (op) {
        case ROUND, FLOOR, CEIL, TRUNC, ROUND_BF16, ROUND_F16 -> 120;
        default -> 20;
      };
      default -> 20;
    };
  }
}
