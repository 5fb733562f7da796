package dev.ashlar.backend.cpu.compiler;

import dev.ashlar.tensor.Op;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is known of the values of a body: their order, the loops they depend on, the reductions they wait for.
 */
final class Analysis {

  private final Body body;
  private final Loops loops;
  private final List<Value> order;
  private final Map<Value, Integer> depths = new IdentityHashMap<>();
  private final Map<Value, Integer> levels = new IdentityHashMap<>();

  private Analysis(Body body, Loops loops) {
    this.body = body;
    this.loops = loops;
    order = values(body.stores());
    for (Value value : order) {
      depths.put(value, findDepth(value));
      int below = value.operands().stream().mapToInt(levels::get).max().orElse(0);
      levels.put(value, value instanceof Value.Reduced ? below + 1 : below);
    }
  }

  static Analysis of(Body body, Loops loops) {
    return new Analysis(body, loops);
  }

  private int findDepth(Value value) {
    int below = value.operands().stream().mapToInt(depths::get).max().orElse(0);
    return switch (value) {
      case Value.Load v -> loops.depth(v.form);
      case Value.Position v -> loops.depth(v.form);
      case Value.Random v -> Math.max(below, loops.depth(v.form));
      case Value.Reduced _ -> loops.outer().size();
      case Value.Number _, Value.Apply _ -> below;
    };
  }

  /** All values, operands first. */
  static List<Value> values(List<Body.Store> stores) {
    return reachable(stores.stream().map(Body.Store::value).toList(), Set.of());
  }

  /** What the roots are made from, operands first, without what is known and what only that needs. */
  static List<Value> reachable(Collection<Value> roots, Set<Value> known) {
    Set<Value> found = new LinkedHashSet<>();
    roots.forEach(root -> visit(root, known, found));
    return new ArrayList<>(found);
  }

  private static void visit(Value value, Set<Value> known, Set<Value> found) {
    if (!found.contains(value) && !known.contains(value)) {
      value.operands().forEach(operand -> visit(operand, known, found));
      found.add(value);
    }
  }

  List<Value> order() {
    return order;
  }

  /** Number of loops that must be entered before a value is known. */
  int depth(Value value) {
    return depths.get(value);
  }

  /** Number of reductions that a value waits for, one after the other. */
  int level(Value value) {
    return levels.get(value);
  }

  int levels() {
    return levels.values().stream().mapToInt(i -> i).max().orElse(0);
  }

  List<Value.Reduced> reductions(int level) {
    return order.stream()
        .filter(v -> v instanceof Value.Reduced && level(v) == level)
        .map(v -> (Value.Reduced) v)
        .toList();
  }

  /** Numbers of the stores that happen once for a row, after a level. */
  List<Integer> rowStores(int level) {
    return stores(level, false);
  }

  /** Numbers of the stores that happen for each element of a row, when a level is known. */
  List<Integer> elementStores(int level) {
    return stores(level, true);
  }

  private List<Integer> stores(int level, boolean elements) {
    List<Integer> chosen = new ArrayList<>();
    for (int i = 0; i < body.stores().size(); i++) {
      Body.Store store = body.stores().get(i);
      boolean perElement = loops.depth(store.form()) > loops.outer().size();
      if (level(store.value()) == level && perElement == elements) {
        chosen.add(i);
      }
    }
    return chosen;
  }

  /** A name for readers: the operations, the telling ones first. */
  String name() {
    Set<String> reductions = new LinkedHashSet<>();
    Set<String> operations = new LinkedHashSet<>();
    for (Value value : order) {
      switch (value) {
        case Value.Reduced v -> reductions.add(v.op.label());
        case Value.Random _ -> operations.add("random");
        case Value.Apply v when Costs.isExpensive(v.op) -> operations.add(v.op.label());
        default -> {}
      }
    }
    reductions.addAll(operations);
    if (reductions.isEmpty()) {
      order.stream().filter(Value.Apply.class::isInstance)
          .forEach(v -> reductions.add(((Value.Apply) v).op.label()));
    }
    if (reductions.isEmpty()) {
      return order.stream().anyMatch(Value.Load.class::isInstance) ? "copy" : "fill";
    }
    return reductions.stream().limit(4).collect(Collectors.joining("_"));
  }

  /** Time for an element on one thread, roughly. */
  double nanosPerElement() {
    double nanos = 0;
    for (Value value : order) {
      if (depth(value) > loops.outer().size()) {
        nanos += switch (value) {
          case Value.Load v -> 0.01 * v.dtype().bytes();
          case Value.Random _ -> 2;
          case Value.Apply v -> Math.max(Costs.nanos(v.op), divides(v.op) ? 0.2 : 0);
          default -> 0.03;
        };
      }
    }
    return nanos + 0.03 * body.stores().size();
  }

  private static boolean divides(Op op) {
    return switch (op) {
      case Op.Binary o -> o.kind() == Op.BinaryKind.DIV;
      case Op.Unary o -> o.kind() == Op.UnaryKind.SQRT || o.kind() == Op.UnaryKind.RSQRT;
      default -> false;
    };
  }
}
