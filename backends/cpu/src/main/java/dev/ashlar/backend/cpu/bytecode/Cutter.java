package dev.ashlar.backend.cpu.bytecode;

import dev.ashlar.backend.cpu.kernel.Access;
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
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a kernel into a driver and units. An innermost loop becomes a unit; statements between loops become
 * units too. No unit is so large that its method could not be compiled: {@link UnitSize}.
 */
final class Cutter {
  /** Elements that slices of a loop take in turn, so that what one of them read is still in the cache. */
  private static final int BLOCK = 1024;
  /** So many locals and buffers a unit takes as arguments at most: a method has 255 slots, these take two. */
  private static final int MOST_ARGUMENTS = 100;

  private final Kernel kernel;
  private final UnitSize size;
  private final int width;
  private final boolean plain;
  private final Map<Local, Expr> values = new LinkedHashMap<>();
  private final List<Unit> units = new ArrayList<>();
  private @Nullable Set<Local> tail;
  private int freshId; // downwards, away from those of the kernel

  /**
   * Prepares.
   *
   * @param width lanes of a vector; 0 for code without vectors, which runs a unit once for each lane: nothing
   *     in it may depend on another lane, or on a store before it
   */
  Cutter(Kernel kernel, int width) {
    this.kernel = kernel;
    this.width = width;
    this.plain = width == 0;
    this.size = plain ? new PlainSize() : new VectorSize(kernel, width, values);
  }

  Plan cut() {
    return Plan.of(kernel, cut(kernel.body()), units, values);
  }

  private List<Step> cut(List<Statement> block) {
    var steps = new ArrayList<Step>();
    var chunk = new ArrayList<Statement>();
    for (var statement : block) {
      if (statement instanceof Statement.Let(var local, var value) && !local.mutable()) {
        values.put(local, value);
        if (Plan.isRepeatable(local, values)) {
          continue; // every unit that needs it makes it
        }
      }
      if (isVectors(statement)) {
        chunk.add(statement);
        if (chunk.size() > 1 && (plain && isAlone(statement) || !fits(chunk(chunk)))) {
          chunk.removeLast();
          flush(chunk, steps);
          chunk.add(statement);
        }
        if (plain && isAlone(statement)) {
          flush(chunk, steps);
        }
      } else if (isPureInteger(statement)) {
        steps.add(new Step.Integers(statement)); // before the chunk: it needs nothing of it
      } else if (!(statement instanceof Statement.Prefetch)) {
        flush(chunk, steps);
        steps.addAll(control(statement));
      }
    }
    flush(chunk, steps);
    return steps;
  }

  private boolean fits(Unit unit) {
    return size.fits(unit) && arguments(unit) <= MOST_ARGUMENTS;
  }

  /** How many arguments a unit might take. */
  private static int arguments(Unit unit) {
    var arguments = new HashSet<Object>(unit.memory());
    unit.read().stream().filter(local -> !local.type().isVector()).forEach(arguments::add);
    arguments.removeAll(unit.defined());
    return arguments.size();
  }

  private void flush(List<Statement> chunk, List<Step> steps) {
    if (!chunk.isEmpty()) {
      steps.add(new Step.Call(numbered(chunk(List.copyOf(chunk)))));
      chunk.clear();
    }
  }

  /** Takes a unit into the plan. */
  private Unit numbered(Unit unit) {
    units.add(unit.numbered(units.size()));
    return units.getLast();
  }

  private Unit chunk(List<Statement> statements) {
    return new Unit(0, Unit.Kind.CHUNK, null, 0, statements, tail, null);
  }

  private Unit loop(Local index, long step, List<Statement> body, Unit.@Nullable Slice slice) {
    return new Unit(0, Unit.Kind.LOOP, index, step, withoutHints(body), tail, slice);
  }

  private static List<Statement> withoutHints(List<Statement> body) {
    return body.stream().filter(statement -> !(statement instanceof Statement.Prefetch)).toList();
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
        var whole = loop(index, step, body, null);
        if (isInnermost(body) && fits(whole) && !(plain && body.stream().anyMatch(Cutter::isAlone))) {
          remember(body);
          yield List.of(new Step.Repeat(numbered(whole), from, to, step, false));
        }
        var slice = isLanewise(body) ? slice(index, step, body) : null;
        if (slice != null) {
          remember(body);
          yield List.of(slices(slice, new Step.Repeat(slice, from, to, step, false)));
        }
        yield List.of(new Step.Loop(index, from, to, step, false, cut(body)));
      }
      case Statement.VectorLoop loop -> {
        if (plain) {
          yield plainLoop(loop);
        }
        yield List.of(groups(loop), tail(loop));
      }
      case Statement.If branch ->
          List.of(new Step.Branch(branch, cut(branch.then()), cut(branch.otherwise())));
      default -> List.of(new Step.Integers(statement));
    };
  }

  /**
   * The full groups of a vector loop, by one unit if it fits. If not, the unit takes half of the lanes at a
   * time, or a quarter, which costs little; where even that is too large or memory overlaps, several units
   * take each group in turn.
   */
  private Step groups(Statement.VectorLoop loop) {
    var whole = loop(loop.index(), Type.LANES, loop.body(), null);
    if (isInnermost(loop.body()) && fits(whole)) {
      remember(loop.body());
      return new Step.Repeat(numbered(whole), loop.from(), loop.to(), Type.LANES, true);
    }
    var pieces = new Step.Loop(loop.index(), loop.from(), loop.to(), Type.LANES, true, cut(loop.body()));
    var streams = Streams.of(loop);
    var slice = streams == null ? null : slice(loop.index(), Type.LANES, loop.body());
    if (streams == null || slice == null) {
      return pieces;
    }
    var block = fresh();
    var next = fresh();
    var end = fresh();
    var blocks = new Step.Loop(block, loop.from(), loop.to(), BLOCK, false, List.of(
        let(next, Expr.IndexOp.ADD, block, constant(BLOCK)),
        let(end, Expr.IndexOp.MIN, next, loop.to()),
        slices(slice, new Step.Repeat(slice, block, end, Type.LANES, true))));
    return new Step.Streamed(streams, loop, List.of(blocks), List.of(pieces));
  }

  /** A loop over as many of the lanes as fit one method; null where not even one vector does. */
  private @Nullable Unit slice(Local index, long step, List<Statement> body) {
    for (int lanes = Type.LANES / 2; !plain && lanes >= width; lanes /= 2) {
      var slice = loop(index, step, body, new Unit.Slice(fresh(), lanes));
      if (fits(slice)) {
        return numbered(slice);
      }
    }
    return null;
  }

  /** The lanes of a slice, then the next. */
  private Step slices(Unit unit, Step.Repeat repeat) {
    var slice = Objects.requireNonNull(unit.slice());
    return new Step.Loop(
        slice.first(), constant(0), constant(Type.LANES), slice.lanes(), false, List.of(repeat));
  }

  /** Whether each lane goes its own way, and nothing is stored. */
  private static boolean isLanewise(List<Statement> body) {
    return body.stream().allMatch(statement -> switch (statement) {
      case Statement.Let(var _, var value) -> isLanewise(value);
      case Statement.Assign(var local, var value) -> local.type().isVector() && isLanewise(value);
      case Statement.Prefetch _ -> true;
      default -> false;
    });
  }

  private static boolean isLanewise(Expr value) {
    return switch (value) {
      case Expr.Load(var _, var _, var access, var _, var _) ->
          access instanceof Access.Single || access instanceof Access.Contiguous;
      default -> !isAcrossLanes(value);
    };
  }

  private static Step let(Local local, Expr.IndexOp op, Local a, Local b) {
    return new Step.Integers(new Statement.Let(local, new Expr.IndexBinary(op, a, b)));
  }

  private Local fresh() {
    return new Local(--freshId, Type.INDEX, false);
  }

  private Local constant(long value) {
    var local = fresh();
    values.put(local, new Expr.IndexConstant(value));
    return local;
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
    var stream = new Unit(0, Unit.Kind.STREAM, loop.index(), 1, withoutHints(loop.body()), null, null);
    boolean flows = isInnermost(loop.body()) && fits(stream) && !readsLaneNumbers(loop);
    var streams = flows ? Streams.of(loop) : null;
    if (streams == null) {
      return groups;
    }
    return List.of(new Step.Streamed(
        streams, loop, List.of(new Step.Repeat(numbered(stream), loop.from(), loop.to(), 1, false)), groups));
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
    var kept = fresh();
    steps.add(new Step.Integers(new Statement.Let(kept, new Expr.Copy(local))));
    return kept;
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

  /** Whether there is no loop among these statements. */
  private static boolean isInnermost(List<Statement> body) {
    return body.stream().allMatch(statement -> switch (statement) {
      case Statement.For _, Statement.VectorLoop _ -> false;
      case Statement.If branch -> isInnermost(branch.then()) && isInnermost(branch.otherwise());
      default -> true;
    });
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
}
