package dev.ashlar.backend.cpu.bytecode;

import dev.ashlar.backend.cpu.kernel.Access;
import dev.ashlar.backend.cpu.kernel.Element;
import dev.ashlar.backend.cpu.kernel.Expr;
import dev.ashlar.backend.cpu.kernel.Memory;
import dev.ashlar.backend.cpu.kernel.Statement;

/** Which units pass values through the frame to {@link Support}. */
final class Temporary {
  private Temporary() {}

  static boolean isNeeded(Unit unit) {
    return unit.statements().stream().anyMatch(Temporary::isNeeded);
  }

  private static boolean isNeeded(Statement statement) {
    return switch (statement) {
      case Statement.Let(var _, var value) -> isNeeded(value);
      case Statement.Assign(var _, var value) -> isNeeded(value);
      case Statement.Store store -> isNeeded(store.to(), store.access());
      case Statement.If branch -> branch.then().stream().anyMatch(Temporary::isNeeded)
          || branch.otherwise().stream().anyMatch(Temporary::isNeeded);
      default -> false;
    };
  }

  private static boolean isNeeded(Expr value) {
    return switch (value) {
      case Expr.Load load -> isNeeded(load.from(), load.access());
      case Expr.ReduceLanes _, Expr.Exchange _ -> true;
      case Expr.Unary(var op, var _) -> op == Expr.UnaryOp.ROUND_F16;
      default -> false;
    };
  }

  private static boolean isNeeded(Memory memory, Access access) {
    boolean words = memory.element() == Element.F32 || memory.element() == Element.I32;
    return !words || access instanceof Access.Strided || access instanceof Access.Gather;
  }
}
