package dev.ashlar.backend.cpu.bytecode;

import dev.ashlar.backend.cpu.kernel.Expr;
import dev.ashlar.backend.cpu.kernel.Local;
import dev.ashlar.backend.cpu.kernel.Memory;
import dev.ashlar.backend.cpu.kernel.Poly;
import dev.ashlar.backend.cpu.kernel.Statement;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Addresses in a loop, written so that C2 sees that they lie in the segment that covers everything, and checks
 * none of them: a start without its upper bits, the counter times a constant. Where the counter is multiplied with
 * a variable, the start is computed in each iteration.
 *
 * <p>Each access has a start of its own. If those that differ by constants shared one, C2 would load them all
 * before it needs them, and then have no registers for the sums of a tile.
 */
final class LoopAddresses {
  /** Addresses have two bits less than a long: what is added to them makes no negative number of it. */
  private static final long ADDRESS = Long.MAX_VALUE >> 1;

  /**
   * Where accesses start.
   *
   * @param offset in elements
   */
  private record Start(Memory memory, Poly offset) {}

  private final Body body;
  private final CodeBuilder code;
  private final Unit unit;
  private final Local index;
  private final Set<Local> defined;
  private final Map<Local, Poly> polys = new HashMap<>();
  private final Map<Start, Integer> slots = new LinkedHashMap<>();
  private int counter;

  /** For a unit with a loop. */
  LoopAddresses(Body body, Unit unit) {
    this.body = body;
    this.code = body.code;
    this.unit = unit;
    this.index = java.util.Objects.requireNonNull(unit.index());
    this.defined = unit.defined();
    // Where something is done in some iterations only, the start may be no address at all.
    if (body.addressing == Body.Addressing.ADDRESSES
        && unit.statements().stream().noneMatch(statement -> statement instanceof Statement.If)) {
      unit.statements().forEach(this::note);
    }
  }

  private void note(Statement statement) {
    switch (statement) {
      case Statement.Let(var local, var value) -> {
        if (!local.mutable() && !local.type().isVector()) {
          var poly = Poly.of(value, this::poly);
          if (poly != null) {
            polys.put(local, poly);
          }
        }
        note(value);
      }
      case Statement.Assign(var _, var value) -> note(value);
      case Statement.Store store -> note(store.to(), store.offset());
      case Statement.StoreIndex store -> note(store.to(), store.offset());
      default -> {}
    }
  }

  private void note(Expr value) {
    switch (value) {
      case Expr.Load load -> note(load.from(), load.offset());
      case Expr.IndexLoad load -> note(load.from(), load.offset());
      default -> {}
    }
  }

  private void note(Memory memory, Local offset) {
    var poly = poly(offset);
    if (!poly.mentions(local -> local.mutable() || local != index && defined.contains(local))
        && !poly.factorOf(index).mentions(local -> local == index)) {
      slots.put(new Start(memory, poly), -1);
    }
  }

  private Poly poly(Local local) {
    return body.plan.values().get(local) instanceof Expr.IndexConstant(var constant) ? Poly.constant(constant)
        : polys.getOrDefault(local, Poly.of(local));
  }

  private boolean isSteady(Start start) {
    return start.offset.factorOf(index).isConstant();
  }

  /** Computes what stays the same; {@code from} is the slot of the counter's start. */
  void beforeLoop(int from) {
    slots.keySet().stream().filter(this::isSteady).toList().forEach(start -> {
      long factor = start.offset.factorOf(index).constant();
      push(start.offset.where(product -> !product.contains(index)));
      code.lload(from).loadConstant(factor).lmul().ladd();
      store(start);
    });
  }

  /** Computes what changes; {@code counter} is the slot of the number of the iteration, an int. */
  void inLoop(int counterSlot) {
    counter = counterSlot;
    slots.keySet().stream().filter(start -> !isSteady(start)).toList().forEach(start -> {
      push(start.offset);
      store(start);
    });
  }

  private void store(Start start) {
    code.loadConstant(Integer.numberOfTrailingZeros(start.memory.element().bytes())).lshl();
    code.lload(body.slot(start.memory)).ladd().loadConstant(ADDRESS).land();
    int slot = code.allocateLocal(TypeKind.LONG);
    code.lstore(slot);
    slots.put(start, slot);
  }

  private void push(Poly poly) {
    code.loadConstant(poly.constant());
    poly.withoutConstant().terms().entrySet().stream()
        .sorted(Comparator.comparing((Map.Entry<List<Local>, Long> term) -> term.getKey().toString()))
        .forEach(term -> {
          code.loadConstant(term.getValue());
          term.getKey().forEach(local -> {
            body.pushIndex(local);
            code.lmul();
          });
          code.ladd();
        });
  }

  /** Pushes an address, {@code further} bytes on; false if it depends on more than the counter. */
  boolean push(Memory memory, Local offset, long further) {
    var start = new Start(memory, poly(offset));
    var slot = slots.get(start);
    if (slot == null) {
      return false;
    }
    code.lload(slot);
    if (isSteady(start)) {
      long factor = start.offset.factorOf(index).constant();
      code.iload(counter).i2l().loadConstant(factor * unit.step() * memory.element().bytes()).lmul().ladd();
    }
    code.loadConstant(further).ladd();
    return true;
  }
}
