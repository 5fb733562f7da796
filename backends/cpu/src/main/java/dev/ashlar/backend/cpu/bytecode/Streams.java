package dev.ashlar.backend.cpu.bytecode;

import dev.ashlar.backend.cpu.kernel.Access;
import dev.ashlar.backend.cpu.kernel.Expr;
import dev.ashlar.backend.cpu.kernel.Local;
import dev.ashlar.backend.cpu.kernel.Memory;
import dev.ashlar.backend.cpu.kernel.Statement;
import dev.ashlar.backend.cpu.kernel.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A vector loop seen as streams: element e of each stream belongs to step e, whatever lane that is. So a
 * block of many elements can be computed by one plain loop, which C2 turns into vector code.
 *
 * @param integers the INDEX arithmetic of the body
 * @param pairs streams that must not overlap, or the order of loads and stores would show
 */
record Streams(List<Statement> integers, List<Pair> pairs) {

  /** Memory from an offset on: as many elements as the loop has, or a single one. */
  record Stream(Memory memory, Local offset, boolean single, boolean stored) {}

  /** Two streams, of which one is written; if they may coincide it is right that both begin at one place. */
  record Pair(Stream first, Stream second, boolean mayCoincide) {}

  /** The streams of a loop; null if it is not made of streams alone. */
  static @Nullable Streams of(Statement.VectorLoop loop) {
    var integers = new ArrayList<Statement>();
    var slopes = new HashMap<Local, Slope>();
    slopes.put(loop.index(), Slope.ONE);
    var defined = Statement.definedIn(loop.body());
    var streams = new ArrayList<Stream>();
    for (var statement : loop.body()) {
      switch (statement) {
        case Statement.Let(var local, var value) when local.type() == Type.INDEX -> {
          if (local.mutable() || value instanceof Expr.IndexLoad) {
            return null;
          }
          slopes.put(local, slope(value, slopes, defined));
          integers.add(statement);
        }
        case Statement.Let(var _, var value) -> {
          if (!flows(value, slopes, defined, streams)) {
            return null;
          }
        }
        case Statement.Assign(var local, var value) -> {
          if (local.type() == Type.INDEX || !flows(value, slopes, defined, streams)) {
            return null;
          }
        }
        case Statement.Store(var to, var offset, Access.Contiguous _, var _, var mask) -> {
          if (mask != null || slope(offset, slopes, defined) != Slope.ONE) {
            return null;
          }
          streams.add(new Stream(to, offset, false, true));
        }
        case Statement.Prefetch _ -> {}
        default -> {
          return null;
        }
      }
    }
    return new Streams(integers, pairs(streams));
  }

  /** How an INDEX grows from one element to the next. */
  private enum Slope { ZERO, ONE, OTHER }

  private static Slope slope(Local local, Map<Local, Slope> slopes, Set<Local> defined) {
    if (local.mutable()) {
      return defined.contains(local) ? Slope.OTHER : Slope.ZERO; // no INDEX is assigned in the body
    }
    return slopes.getOrDefault(local, defined.contains(local) ? Slope.OTHER : Slope.ZERO);
  }

  private static Slope slope(Expr value, Map<Local, Slope> slopes, Set<Local> defined) {
    var of = value.operands().stream().map(local -> slope(local, slopes, defined)).toList();
    if (of.stream().allMatch(slope -> slope == Slope.ZERO)) {
      return Slope.ZERO;
    }
    return switch (value) {
      case Expr.Copy _ -> of.getFirst();
      case Expr.IndexBinary(var op, var _, var _) -> {
        boolean sum = op == Expr.IndexOp.ADD && of.contains(Slope.ZERO) && of.contains(Slope.ONE);
        boolean difference = op == Expr.IndexOp.SUB && of.equals(List.of(Slope.ONE, Slope.ZERO));
        yield sum || difference ? Slope.ONE : Slope.OTHER;
      }
      default -> Slope.OTHER;
    };
  }

  /** Whether an expression can be computed element by element; notes the stream of a load. */
  private static boolean flows(
      Expr value, Map<Local, Slope> slopes, Set<Local> defined, List<Stream> streams) {
    return switch (value) {
      case Expr.ReduceLanes _, Expr.Exchange _, Expr.FirstLanes _ -> false;
      case Expr.Iota(var start) -> slope(start, slopes, defined) == Slope.ONE;
      case Expr.Splat(var index) -> slope(index, slopes, defined) == Slope.ZERO;
      case Expr.Load(var from, var offset, var access, var mask, var _) -> {
        boolean single = access instanceof Access.Single;
        boolean plain = single || access instanceof Access.Contiguous;
        if (!plain || mask != null || slope(offset, slopes, defined) != (single ? Slope.ZERO : Slope.ONE)) {
          yield false;
        }
        streams.add(new Stream(from, offset, single, false));
        yield true;
      }
      default -> true;
    };
  }

  private static List<Pair> pairs(List<Stream> inOrder) {
    var pairs = new ArrayList<Pair>();
    for (int i = 0; i < inOrder.size(); i++) {
      for (int j = i + 1; j < inOrder.size(); j++) {
        var first = inOrder.get(i);
        var second = inOrder.get(j);
        if (first.stored() || second.stored()) {
          boolean mayCoincide = second.stored() && !first.single()
              && first.memory().element().bytes() == second.memory().element().bytes();
          boolean samePlace =
              first.memory().equals(second.memory()) && first.offset().equals(second.offset());
          if (!(samePlace && mayCoincide)) {
            pairs.add(new Pair(first, second, mayCoincide));
          }
        }
      }
    }
    return pairs;
  }
}
