package dev.ashlar.backend.cpu.bytecode;

import dev.ashlar.backend.cpu.kernel.Access;
import dev.ashlar.backend.cpu.kernel.Expr;
import dev.ashlar.backend.cpu.kernel.Kernel;
import dev.ashlar.backend.cpu.kernel.Local;
import dev.ashlar.backend.cpu.kernel.Parameter;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A kernel cut into a driver and units.
 *
 * @param values the expression of every immutable local, in the order of definition
 * @param homes vectors that more than one unit needs, each with the number of its place in the frame
 * @param uniform vectors that have one value in all lanes
 */
record Plan(Kernel kernel, List<Step> driver, List<Unit> units, Map<Local, Expr> values,
    Map<Local, Integer> homes, Set<Local> uniform) {

  static Plan of(Kernel kernel, List<Step> driver, List<Unit> units, Map<Local, Expr> values) {
    var definedByUnits = new HashSet<Local>();
    units.forEach(unit -> definedByUnits.addAll(unit.defined()));
    var homes = new LinkedHashMap<Local, Integer>();
    for (var unit : units) {
      var foreign = new LinkedHashSet<>(unit.read());
      foreign.addAll(unit.assigned());
      foreign.removeAll(unit.defined());
      for (var local : foreign) {
        if (local.type().isVector() && definedByUnits.contains(local) && !isRepeatable(local, values)) {
          homes.putIfAbsent(local, homes.size());
        }
      }
    }
    return new Plan(kernel, driver, units, values, homes, uniform(kernel, values));
  }

  /** Whether a vector is so cheap that each unit makes it again instead of fetching it from the frame. */
  static boolean isRepeatable(Local local, Map<Local, Expr> values) {
    if (local.mutable()) {
      return false;
    }
    return switch (values.get(local)) {
      case Expr.FloatConstant _, Expr.IntConstant _ -> true;
      case Expr.FirstLanes(var count) -> !count.mutable();
      case Expr.Iota(var start) -> !start.mutable();
      case Expr.Splat(var index) -> !index.mutable();
      case null, default -> false;
    };
  }

  boolean isRepeatable(Local local) {
    return isRepeatable(local, values);
  }

  /**
   * The vectors known to have one value in all lanes; definitions come in order, so each is looked at once.
   */
  private static Set<Local> uniform(Kernel kernel, Map<Local, Expr> values) {
    var uniform = new HashSet<Local>();
    for (var parameter : kernel.parameters()) {
      if (parameter instanceof Parameter.Scalar scalar) {
        uniform.add(scalar.local());
      }
    }
    values.forEach((local, value) -> {
      boolean isUniform = switch (value) {
        case Expr.FloatConstant _, Expr.IntConstant _, Expr.Splat _, Expr.ReduceLanes _ -> true;
        case Expr.Load load -> load.access() instanceof Access.Single;
        case Expr.Unary _, Expr.Binary _, Expr.Compare _, Expr.Fma _, Expr.Select _, Expr.Copy _ ->
            uniform.containsAll(value.operands());
        default -> false;
      };
      if (isUniform) {
        uniform.add(local);
      }
    });
    return uniform;
  }

  /** Whether a vector is known to have one value in all lanes: its home then needs a single place. */
  boolean isUniform(Local local) {
    return uniform.contains(local);
  }

  /** Locals that come from outside a unit and have a home: loaded before, stored after if it assigns them. */
  List<Local> fetched(Unit unit) {
    var defined = unit.defined();
    var wanted = new LinkedHashSet<>(unit.read());
    wanted.addAll(unit.assigned());
    return wanted.stream().filter(local -> homes.containsKey(local) && !defined.contains(local)).toList();
  }

  /** Locals that a unit leaves in their homes. */
  List<Local> kept(Unit unit) {
    return unit.changed().stream().filter(homes::containsKey).toList();
  }

  /** Cheap vectors from outside that a unit makes again, each after those it needs. */
  List<Local> repeated(Unit unit) {
    var defined = unit.defined();
    return unit.read().stream()
        .filter(local -> local.type().isVector() && !defined.contains(local) && isRepeatable(local)).toList();
  }

  /** INDEX locals from outside that a unit uses; constants are not among them. */
  Set<Local> integers(Unit unit) {
    var defined = unit.defined();
    var integers = new LinkedHashSet<Local>();
    unit.read().stream().filter(local -> !local.type().isVector()).forEach(integers::add);
    repeated(unit).forEach(local -> integers.addAll(values.get(local).operands()));
    if (unit.slice() != null) {
      integers.add(unit.slice().first());
    }
    integers.removeIf(local -> defined.contains(local) || values.get(local) instanceof Expr.IndexConstant);
    return integers;
  }
}
