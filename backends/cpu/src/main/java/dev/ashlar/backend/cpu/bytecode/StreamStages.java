package dev.ashlar.backend.cpu.bytecode;

import dev.ashlar.backend.cpu.kernel.Access;
import dev.ashlar.backend.cpu.kernel.Expr;
import dev.ashlar.backend.cpu.kernel.Local;
import dev.ashlar.backend.cpu.kernel.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The body of a stream cut in two: what each element gives by itself, and what goes through accumulators.
 *
 * @param first statements that no accumulator reaches
 * @param second the others
 * @param accumulators locals from outside that the body assigns
 * @param numbers locals with the same value in every lane and every element, which are passed as a number
 * @param crossing what the first defines and the second reads, an array each
 */
record StreamStages(List<Statement> first, List<Statement> second, Set<Local> accumulators,
    Set<Local> numbers, Set<Local> crossing) {

  static StreamStages of(Unit unit, Plan plan) {
    var accumulators = unit.assigned();
    accumulators.removeAll(unit.defined());
    boolean ownVariables = unit.defined().stream().anyMatch(Local::mutable);
    var numbers = new LinkedHashSet<Local>();
    var reached = new HashSet<>(accumulators);
    var first = new ArrayList<Statement>();
    var second = new ArrayList<Statement>();
    for (var statement : unit.statements()) {
      if (statement instanceof Statement.Let(var local, var value)) {
        if (!local.type().isVector() || isConstant(value) && !local.mutable()) {
          continue; // integers belong to blocks, constants to every stage
        }
        if (!local.mutable() && isNumber(value)) {
          numbers.add(local);
          continue;
        }
      }
      boolean isReached = Unit.read(statement).stream().anyMatch(reached::contains)
          || statement instanceof Statement.Assign(var local, var _) && accumulators.contains(local)
          || ownVariables && !accumulators.isEmpty();
      if (isReached && statement instanceof Statement.Let(var local, var _)) {
        reached.add(local);
      }
      (isReached ? second : first).add(statement);
    }
    for (var local : unit.read()) {
      if (local.type().isVector() && !unit.defined().contains(local) && !accumulators.contains(local)
          && plan.isUniform(local) && !isConstant(plan.values().get(local))) {
        numbers.add(local);
      }
    }
    var crossing = new LinkedHashSet<Local>();
    var definedFirst = Statement.definedIn(first);
    second.forEach(statement ->
        Unit.read(statement).stream().filter(definedFirst::contains).forEach(crossing::add));
    return new StreamStages(first, second, accumulators, numbers, crossing);
  }

  static boolean isConstant(@Nullable Expr value) {
    return value instanceof Expr.FloatConstant || value instanceof Expr.IntConstant;
  }

  /** Of the expressions that a stream may hold, those that do not change from element to element. */
  private static boolean isNumber(Expr value) {
    return value instanceof Expr.Splat
        || value instanceof Expr.Load load && load.access() instanceof Access.Single;
  }
}
