package dev.ashlar.backend.cpu.machine;

import dev.ashlar.backend.cpu.kernel.Expr;
import dev.ashlar.backend.cpu.kernel.Local;
import dev.ashlar.backend.cpu.kernel.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How often locals are used, and where last. */
final class Uses {

  private final Map<Local, Integer> counts = new HashMap<>();
  /** The last statement that uses a local, in the block that defines it. */
  private final Map<Local, Statement> last = new HashMap<>();
  private @Nullable Statement current;

  Uses(List<Statement> body) {
    count(body);
  }

  /** Says which statement is being lowered. */
  void at(Statement statement) {
    current = statement;
  }

  /** Whether an immutable local is not needed after the current statement. */
  boolean endsHere(Local local) {
    return !local.mutable() && last.get(local) == current;
  }

  /** Whether there is one use, in a plain statement of the block that defines the local. */
  boolean onceInBlock(Local local) {
    var user = last.get(local);
    return counts.getOrDefault(local, 0) == 1
        && (user instanceof Statement.Let || user instanceof Statement.Assign);
  }

  /** The locals that a block uses. */
  private Set<Local> count(List<Statement> block) {
    Set<Local> all = new HashSet<>();
    Set<Local> defined = new HashSet<>();
    for (var statement : block) {
      var used = new HashSet<Local>();
      switch (statement) {
        case Statement.Let(var local, var value) -> {
          add(value.operands(), used);
          defined.add(local);
        }
        case Statement.Assign(var local, var value) -> {
          add(value.operands(), used);
          add(List.of(local), used);
        }
        case Statement.Store store -> {
          add(operands(store), used);
          add(List.of(store.value()), used);
        }
        case Statement.StoreIndex(var _, var offset, var value) -> add(List.of(offset, value), used);
        case Statement.Prefetch(var _, var offset) -> add(List.of(offset), used);
        case Statement.For(var _, var from, var to, var _, var body) -> {
          add(List.of(from, to), used);
          used.addAll(count(body));
        }
        case Statement.VectorLoop(var _, var from, var to, var body) -> {
          add(List.of(from, to), used);
          used.addAll(count(body));
        }
        case Statement.If(var _, var a, var b, var then, var otherwise) -> {
          add(List.of(a, b), used);
          used.addAll(count(then));
          used.addAll(count(otherwise));
        }
      }
      for (var local : used) {
        if (defined.contains(local)) {
          last.put(local, statement);
        }
      }
      all.addAll(used);
    }
    return all;
  }

  private static List<Local> operands(Statement.Store store) {
    return new Expr.Load(store.to(), store.offset(), store.access(), store.mask(), 0).operands();
  }

  private void add(List<Local> operands, Set<Local> used) {
    operands.forEach(local -> counts.merge(local, 1, Integer::sum));
    used.addAll(operands);
  }
}
