package dev.ashlar.backend.cpu.bytecode;

import dev.ashlar.backend.cpu.kernel.Expr;
import dev.ashlar.backend.cpu.kernel.Local;
import dev.ashlar.backend.cpu.kernel.Memory;
import dev.ashlar.backend.cpu.kernel.Statement;
import dev.ashlar.backend.cpu.kernel.Type;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A piece of a kernel that becomes a method of its own: at most one loop around statements without loops.
 *
 * @param number names the method
 * @param kind its shape
 * @param index counts the loop; null without one
 * @param step of the loop
 * @param statements the body
 * @param tail in the tail of a vector loop, the locals defined inside that loop; otherwise null
 * @param slice which lanes are computed; null for all
 */
record Unit(int number, Kind kind, @Nullable Local index, long step, List<Statement> statements,
    @Nullable Set<Local> tail, @Nullable Slice slice) {

  /** Some of the sixteen lanes: {@code lanes} from {@code first}, an INDEX. */
  record Slice(Local first, int lanes) {}

  enum Kind {
    /** No loop. */
    CHUNK,
    /** A counted loop. */
    LOOP,
    /** A vector loop taken element by element, full groups and tail alike. */
    STREAM
  }

  Unit numbered(int other) {
    return new Unit(other, kind, index, step, statements, tail, slice);
  }

  boolean loops() {
    return kind != Kind.CHUNK;
  }

  /** How many lanes a call computes. */
  int lanes() {
    return slice == null ? Type.LANES : slice.lanes();
  }

  String method() {
    return "unit" + number;
  }

  /** All locals defined here, the index included. */
  Set<Local> defined() {
    var defined = new LinkedHashSet<Local>(Statement.definedIn(statements));
    if (index != null) {
      defined.add(index);
    }
    return defined;
  }

  /** All locals read here, in order of first use. */
  Set<Local> read() {
    var read = new LinkedHashSet<Local>();
    statements.forEach(statement -> read(statement, read));
    return read;
  }

  /** What a statement reads. */
  static Set<Local> read(Statement statement) {
    var read = new LinkedHashSet<Local>();
    read(statement, read);
    return read;
  }

  private static void read(Statement statement, Set<Local> read) {
    switch (statement) {
      case Statement.Let(var _, var value) -> read.addAll(value.operands());
      case Statement.Assign(var _, var value) -> read.addAll(value.operands());
      case Statement.Store(var _, var offset, var access, var value, var mask) -> {
        read.addAll(Expr.memoryOperands(offset, access, mask));
        read.add(value);
      }
      case Statement.StoreIndex(var _, var offset, var value) -> {
        read.add(offset);
        read.add(value);
      }
      case Statement.If(var _, var a, var b, var then, var otherwise) -> {
        read.add(a);
        read.add(b);
        then.forEach(inner -> read(inner, read));
        otherwise.forEach(inner -> read(inner, read));
      }
      case Statement.Prefetch _ -> {}
      case Statement.For _, Statement.VectorLoop _ -> throw new IllegalStateException("no loop is in a unit");
    }
  }

  /** All locals assigned here. */
  Set<Local> assigned() {
    var assigned = new LinkedHashSet<Local>();
    statements.forEach(statement -> assigned(statement, assigned));
    return assigned;
  }

  private static void assigned(Statement statement, Set<Local> assigned) {
    switch (statement) {
      case Statement.Assign(var local, var _) -> assigned.add(local);
      case Statement.If(var _, var _, var _, var then, var otherwise) -> {
        then.forEach(inner -> assigned(inner, assigned));
        otherwise.forEach(inner -> assigned(inner, assigned));
      }
      default -> {}
    }
  }

  /** Locals whose values others may want: what is defined in a loop is gone after it. */
  Set<Local> changed() {
    var changed = new LinkedHashSet<Local>(assigned());
    if (loops()) {
      changed.removeAll(defined());
    } else {
      changed.addAll(defined());
    }
    return changed;
  }

  /** Whether it is in a tail and assigns vectors from outside the loop, whose other lanes stay. */
  boolean assignsBeyondTail() {
    return tail != null
        && assigned().stream().anyMatch(local -> local.type().isVector() && !tail.contains(local));
  }

  /** All memory loaded from or stored to here. */
  Set<Memory> memory() {
    var memory = new LinkedHashSet<Memory>();
    statements.forEach(statement -> memory(statement, memory));
    return memory;
  }

  private static void memory(Statement statement, Set<Memory> memory) {
    switch (statement) {
      case Statement.Let(var _, var value) -> memory(value, memory);
      case Statement.Assign(var _, var value) -> memory(value, memory);
      case Statement.Store store -> memory.add(store.to());
      case Statement.StoreIndex store -> memory.add(store.to());
      case Statement.If(var _, var _, var _, var then, var otherwise) -> {
        then.forEach(inner -> memory(inner, memory));
        otherwise.forEach(inner -> memory(inner, memory));
      }
      default -> {}
    }
  }

  private static void memory(Expr value, Set<Memory> memory) {
    switch (value) {
      case Expr.Load load -> memory.add(load.from());
      case Expr.IndexLoad load -> memory.add(load.from());
      default -> {}
    }
  }
}
