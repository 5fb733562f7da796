package dev.ashlar.backend.cpu.bytecode;

import dev.ashlar.backend.cpu.kernel.Expr;
import dev.ashlar.backend.cpu.kernel.Kernel;
import dev.ashlar.backend.cpu.kernel.Local;
import dev.ashlar.backend.cpu.kernel.Statement;
import dev.ashlar.backend.cpu.kernel.Type;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a kernel into a driver and units. An innermost loop becomes a unit; statements between loops become
 * units too. No unit is so large that its method could not be compiled (8000 bytes).
 */
final class Cutter {
  /** Estimated bytes of a method; a statement costs tens. */
  private static final int LARGEST_UNIT = 6000;
  private static final int FETCH = 24;
  /** So many locals and buffers a unit takes as arguments at most: a method has 255 slots, these take two. */
  private static final int MOST_ARGUMENTS = 100;

  private final Kernel kernel;
  private final int parts;
  private final boolean plain;
  private final Map<Local, Expr> values = new LinkedHashMap<>();
  private final List<Unit> units = new ArrayList<>();
  private @Nullable Set<Local> tail;
  private int freshId; // downwards, away from those of the kernel

  /**
   * Prepares.
   *
   * @param parts registers to a vector: what is written for a statement grows with it
   * @param plain for code without vectors, which runs a unit once for each lane: nothing in it may depend on
   *     another lane, or on a store before it
   */
  Cutter(Kernel kernel, int parts, boolean plain) {
    this.kernel = kernel;
    this.parts = parts;
    this.plain = plain;
  }

  Plan cut() {
    return Plan.of(kernel, cut(kernel.body()), units, values);
  }

  private List<Step> cut(List<Statement> block) {
    var steps = new ArrayList<Step>();
    var chunk = new ArrayList<Statement>();
    int cost = 0;
    for (var statement : block) {
      if (statement instanceof Statement.Let(var local, var value) && !local.mutable()) {
        values.put(local, value);
        if (Plan.isRepeatable(local, values)) {
          continue; // every unit that needs it makes it
        }
      }
      if (isVectors(statement)) {
        if (cost + cost(statement) > LARGEST_UNIT || arguments(chunk).size() > MOST_ARGUMENTS) {
          flush(chunk, steps);
          cost = 0;
        }
        if (plain && isAlone(statement)) {
          flush(chunk, steps);
          cost = 0;
        }
        chunk.add(statement);
        cost += cost(statement);
        if (plain && isAlone(statement)) {
          flush(chunk, steps);
          cost = 0;
        }
      } else if (isPureInteger(statement)) {
        steps.add(new Step.Integers(statement)); // before the chunk: it needs nothing of it
      } else if (!(statement instanceof Statement.Prefetch)) {
        flush(chunk, steps);
        cost = 0;
        steps.addAll(control(statement));
      }
    }
    flush(chunk, steps);
    return steps;
  }

  /** What a unit of these statements might take as arguments. */
  private static Set<Object> arguments(List<Statement> statements) {
    var unit = new Unit(0, Unit.Kind.CHUNK, null, 0, statements, null);
    var arguments = new HashSet<Object>(unit.memory());
    unit.read().stream().filter(local -> !local.type().isVector()).forEach(arguments::add);
    arguments.removeAll(unit.defined());
    return arguments;
  }

  private void flush(List<Statement> chunk, List<Step> steps) {
    if (!chunk.isEmpty()) {
      steps.add(new Step.Call(unit(Unit.Kind.CHUNK, null, 0, chunk)));
      chunk.clear();
    }
  }

  private Unit unit(Unit.Kind kind, @Nullable Local index, long step, List<Statement> statements) {
    var unit = new Unit(units.size(), kind, index, step, List.copyOf(statements), tail);
    units.add(unit);
    return unit;
  }

  private List<Step> control(Statement statement) {
    return switch (statement) {
      case Statement.For(var index, var from, var to, var _, var _) when from.mutable() || to.mutable() -> {
        var steps = new ArrayList<Step>();
        var loop = (Statement.For) statement;
        steps.addAll(control(new Statement.For(
            index, settled(from, steps), settled(to, steps), loop.step(), loop.body())));
        yield steps;
      }
      case Statement.VectorLoop(var index, var from, var to, var body)
          when from.mutable() || to.mutable() -> {
        var steps = new ArrayList<Step>();
        steps.addAll(control(new Statement.VectorLoop(
            index, settled(from, steps), settled(to, steps), body)));
        yield steps;
      }
      case Statement.For(var index, var from, var to, var step, var body) -> {
        if (fitsUnit(body) && !(plain && body.stream().anyMatch(Cutter::isAlone))) {
          yield List.of(new Step.Repeat(loop(index, step, body), from, to, step, false));
        }
        yield List.of(new Step.Loop(index, from, to, step, false, cut(body)));
      }
      case Statement.VectorLoop loop -> {
        if (plain) {
          yield plainLoop(loop);
        }
        Step whole = fitsUnit(loop.body())
            ? new Step.Repeat(
                loop(loop.index(), Type.LANES, loop.body()), loop.from(), loop.to(), Type.LANES, true)
            : new Step.Loop(loop.index(), loop.from(), loop.to(), Type.LANES, true, cut(loop.body()));
        yield List.of(whole, tail(loop));
      }
      case Statement.If branch ->
          List.of(new Step.Branch(branch, cut(branch.then()), cut(branch.otherwise())));
      default -> List.of(new Step.Integers(statement));
    };
  }

  private Step tail(Statement.VectorLoop loop) {
    tail = Statement.definedIn(loop.body());
    var rest = new Step.Tail(loop, cut(loop.body()));
    tail = null;
    return rest;
  }

  /** A stream if it can be one; the groups one by one where that fails. */
  private List<Step> plainLoop(Statement.VectorLoop loop) {
    var groups = List.of(
        new Step.Loop(loop.index(), loop.from(), loop.to(), Type.LANES, true, cut(loop.body())), tail(loop));
    remember(loop.body());
    var streams = fitsUnit(loop.body()) && !readsLaneNumbers(loop) ? Streams.of(loop) : null;
    if (streams == null) {
      return groups;
    }
    var unit = unit(Unit.Kind.STREAM, loop.index(), 1,
        loop.body().stream().filter(s -> !(s instanceof Statement.Prefetch)).toList());
    return List.of(new Step.Streamed(unit, streams, loop, groups));
  }

  /** Whether a loop reads vectors from outside that are made anew for every lane. */
  private boolean readsLaneNumbers(Statement.VectorLoop loop) {
    var defined = Statement.definedIn(loop.body());
    return loop.body().stream().flatMap(statement -> Unit.read(statement).stream())
        .filter(local -> !defined.contains(local)).map(values::get)
        .anyMatch(value -> value instanceof Expr.Iota || value instanceof Expr.FirstLanes);
  }

  /** A local that keeps the value that a mutable one has now: the bounds of a loop are read once. */
  private Local settled(Local local, List<Step> steps) {
    if (!local.mutable()) {
      return local;
    }
    var kept = new Local(--freshId, Type.INDEX, false);
    steps.add(new Step.Integers(new Statement.Let(kept, new Expr.Copy(local))));
    return kept;
  }

  private Unit loop(Local index, long step, List<Statement> body) {
    remember(body);
    return unit(Unit.Kind.LOOP, index, step,
        body.stream().filter(s -> !(s instanceof Statement.Prefetch)).toList());
  }

  private void remember(List<Statement> block) {
    for (var statement : block) {
      if (statement instanceof Statement.Let(var local, var value) && !local.mutable()) {
        values.put(local, value);
      } else if (statement instanceof Statement.If branch) {
        remember(branch.then());
        remember(branch.otherwise());
      }
    }
  }

  /** Whether a loop around these statements can be one method: no loop inside, not too large. */
  private boolean fitsUnit(List<Statement> body) {
    int cost = 0;
    var outside = new HashSet<Local>();
    for (var statement : body) {
      if (statement instanceof Statement.For || statement instanceof Statement.VectorLoop) {
        return false;
      }
      if (statement instanceof Statement.If branch
          && !(fitsUnit(branch.then()) && fitsUnit(branch.otherwise()))) {
        return false;
      }
      cost += cost(statement);
      outside.addAll(Unit.read(statement));
    }
    outside.removeAll(Statement.definedIn(body));
    long fetched = outside.stream().filter(local -> local.type().isVector()).count();
    return cost + 2 * fetched * FETCH * parts <= LARGEST_UNIT && arguments(body).size() <= MOST_ARGUMENTS;
  }

  /** Whether a statement computes or stores lanes, and has no control flow. */
  private static boolean isVectors(Statement statement) {
    return switch (statement) {
      case Statement.Let(var local, var _) -> local.type().isVector();
      case Statement.Assign(var local, var _) -> local.type().isVector();
      case Statement.Store _ -> true;
      default -> false;
    };
  }

  /** A store, or an operation across lanes. */
  private static boolean isAlone(Statement statement) {
    return switch (statement) {
      case Statement.Store _, Statement.StoreIndex _ -> true;
      case Statement.Let(var _, var value) -> isAcrossLanes(value);
      case Statement.Assign(var _, var value) -> isAcrossLanes(value);
      case Statement.If branch -> branch.then().stream().anyMatch(Cutter::isAlone)
          || branch.otherwise().stream().anyMatch(Cutter::isAlone);
      default -> false;
    };
  }

  static boolean isAcrossLanes(Expr value) {
    return value instanceof Expr.ReduceLanes || value instanceof Expr.Exchange;
  }

  private static boolean isPureInteger(Statement statement) {
    return statement instanceof Statement.Let(var local, var value) && !local.mutable()
        && !(value instanceof Expr.IndexLoad) && value.operands().stream().noneMatch(Local::mutable);
  }

  /** Bytes of bytecode, roughly. */
  private int cost(Statement statement) {
    return switch (statement) {
      case Statement.Let(var local, var value) -> local.type().isVector() ? parts * cost(value) : 12;
      case Statement.Assign(var local, var value) -> local.type().isVector() ? parts * (cost(value) + 8) : 12;
      case Statement.Store _ -> parts * 40;
      case Statement.If branch -> 20 + branch.then().stream().mapToInt(this::cost).sum()
          + branch.otherwise().stream().mapToInt(this::cost).sum();
      default -> 20;
    };
  }

  private static int cost(Expr value) {
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
