package dev.ashlar.backend.cpu.machine;

import dev.ashlar.backend.cpu.kernel.Element;
import dev.ashlar.backend.cpu.kernel.Expr;
import dev.ashlar.backend.cpu.kernel.Local;
import dev.ashlar.backend.cpu.kernel.Memory;
import dev.ashlar.backend.cpu.kernel.Parameter;
import dev.ashlar.backend.cpu.kernel.Poly;
import dev.ashlar.backend.cpu.kernel.Statement;
import dev.ashlar.backend.cpu.kernel.Type;
import dev.ashlar.backend.cpu.machine.Lir.Bank;
import dev.ashlar.backend.cpu.machine.Lir.General;
import dev.ashlar.backend.cpu.machine.Lir.Place;
import dev.ashlar.backend.cpu.machine.Lir.Reg;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Index arithmetic and addresses. Before a loop starts, the addresses of its body are taken apart into what
 * the loop does not change (computed once), what its counter contributes (an index register, or a register
 * that is advanced with the counter) and a constant (a displacement).
 */
final class Indices {

  /** An address as the kernel says it. */
  private record Access(Memory memory, Local offset) {}

  /** A part of an address that is computed once. */
  private record Base(Memory memory, Poly offset) {}

  /** A register that moves with a loop. */
  private record Advance(Reg reg, Lir.Arg by) {}

  /** What is known while a block is lowered. */
  private static final class Scope {
    final @Nullable Scope outer;
    final boolean isLoop;
    final Map<Access, Place> planned = new HashMap<>();
    final Map<List<Local>, Reg> products = new HashMap<>();
    final Map<Base, Reg> bases = new HashMap<>();
    final List<Advance> advances = new ArrayList<>();

    Scope(@Nullable Scope outer, boolean isLoop) {
      this.outer = outer;
      this.isLoop = isLoop;
    }
  }

  private final Code code;
  private final Map<Local, Reg> values = new HashMap<>();
  private final Map<Local, Poly> polys = new HashMap<>();
  private final Map<Memory, Reg> memories = new HashMap<>();
  private Scope scope = new Scope(null, false);

  Indices(Code code) {
    this.code = code;
  }

  // ---- values

  void define(Local local, Reg reg) {
    values.put(local, reg);
  }

  Reg get(Local local) {
    var reg = values.get(local);
    if (reg == null) {
      throw new IllegalStateException("no value for " + local);
    }
    return reg;
  }

  /** Remembers what an immutable local is, for the addresses that depend on it. */
  void note(Local local, Expr value) {
    if (local.mutable() || value.operands().stream().anyMatch(Local::mutable)) {
      return;
    }
    var poly = Poly.of(value, this::poly);
    if (poly != null) {
      polys.put(local, poly);
    }
  }

  Poly poly(Local local) {
    return polys.getOrDefault(local, Poly.of(local));
  }

  /** The local as an immediate if it is a small constant, else its register. */
  Lir.Arg small(Local local) {
    var poly = poly(local);
    return poly.isConstant() && isInt(poly.constant()) ? Code.number(poly.constant()) : get(local);
  }

  Reg lower(Expr.IndexBinary value) {
    var a = get(value.a());
    var b = small(value.b());
    switch (value.op()) {
      case DIV, REM -> {
        return code.generalOf(value.op() == Expr.IndexOp.DIV ? General.DIV : General.REM, a, get(value.b()));
      }
      case MIN, MAX -> {
        var result = code.copyOf(a);
        code.general(General.CMP, get(value.b()), a);
        code.general(value.op() == Expr.IndexOp.MIN ? General.CMOV_LESS : General.CMOV_GREATER,
            result, get(value.b()));
        return result;
      }
      case MUL -> {
        if (b instanceof Lir.Number) {
          return code.generalOf(General.IMUL_BY, a, b);
        }
      }
      case ADD, SUB -> {}
    }
    var result = code.copyOf(a);
    code.general(switch (value.op()) {
      case ADD -> General.ADD;
      case SUB -> General.SUB;
      default -> General.IMUL;
    }, result, b);
    return result;
  }

  /** One integer from memory, widened. */
  Reg load(Memory from, Local offset) {
    var how = switch (from.element()) {
      case I64 -> General.LOAD;
      case I32 -> General.LOAD_I32;
      case I8 -> General.LOAD_I8;
      default -> General.LOAD_U8;
    };
    return code.generalOf(how, address(from, offset));
  }

  void store(Statement.StoreIndex store) {
    var how = store.to().element() == Element.I64 ? General.STORE
        : store.to().element() == Element.I32 ? General.STORE_32 : General.STORE_8;
    code.general(how, address(store.to(), store.offset()), get(store.value()));
  }

  // ---- scopes

  void open() {
    scope = new Scope(scope, false);
  }

  void close() {
    scope = java.util.Objects.requireNonNull(scope.outer);
  }

  /**
   * Opens the scope of a loop and writes what its addresses need before it starts.
   *
   * @param inside all locals that the body defines
   */
  void openLoop(Local counter, Local from, long step, List<Statement> body, Set<Local> inside) {
    noteAll(body);
    var loop = new Scope(scope, true);
    var moving = new LinkedHashMap<Poly, List<Access>>();
    for (var access : accesses(body)) {
      var offset = poly(access.offset());
      boolean local = offset.mentions(atom -> atom.mutable()
          || inside.contains(atom) && !atom.equals(counter));
      var factor = offset.factorOf(counter);
      if (local || factor.mentions(counter::equals)) {
        continue;
      }
      int size = access.memory().element().bytes();
      boolean scales = factor.isConstant() && isScale(factor.constant() * size);
      if (factor.terms().isEmpty() || scales) {
        var base = base(access.memory(), fixed(offset, counter, size));
        int scale = scales ? (int) (factor.constant() * size) : 1;
        loop.planned.put(access, Place.at(base, scales ? get(counter) : null, scale, rest(offset, size)));
      } else {
        moving.computeIfAbsent(factor.times(size), _ -> new ArrayList<>()).add(access);
      }
    }
    moving.forEach((factor, accesses) -> planMoving(loop, factor, accesses, counter, from, step));
    scope = loop;
  }

  /** Addresses that advance by the same amount: one register moves; alone, it is the pointer itself. */
  private void planMoving(Scope loop, Poly factor, List<Access> accesses, Local counter, Local from,
      long step) {
    var start = from.mutable() ? null : factor.times(poly(from));
    var startReg = start != null ? evaluate(start) : product(evaluate(factor), get(from));
    var advance = factor.times(step);
    var by = advance.isConstant() && isInt(advance.constant())
        ? Code.number(advance.constant()) : evaluate(advance);
    var bases = new LinkedHashMap<Base, Reg>();
    for (var access : accesses) {
      int size = access.memory().element().bytes();
      var key = new Base(access.memory(), fixed(poly(access.offset()), counter, size));
      bases.computeIfAbsent(key, b -> base(b.memory(), b.offset()));
    }
    boolean alone = bases.size() == 1;
    var moving = code.copyOf(startReg);
    if (alone) {
      code.general(General.ADD, moving, bases.values().iterator().next());
    }
    loop.advances.add(new Advance(moving, by));
    for (var access : accesses) {
      int size = access.memory().element().bytes();
      var offset = poly(access.offset());
      var base = bases.get(new Base(access.memory(), fixed(offset, counter, size)));
      loop.planned.put(access, alone ? Place.at(moving, null, 1, rest(offset, size))
          : Place.at(base, moving, 1, rest(offset, size)));
    }
  }

  private Reg product(Reg a, Reg b) {
    var result = code.copyOf(a);
    code.general(General.IMUL, result, b);
    return result;
  }

  /** Moves what moves with the loop; at the end of its body. */
  void advance() {
    for (var advance : scope.advances) {
      code.general(General.ADD, advance.reg(), advance.by());
    }
  }

  /** Notes the definitions of a body that is not lowered yet. */
  private void noteAll(List<Statement> body) {
    for (var statement : body) {
      switch (statement) {
        case Statement.Let(var local, var value) when local.type() == Type.INDEX -> note(local, value);
        case Statement.If(var _, var _, var _, var then, var otherwise) -> {
          noteAll(then);
          noteAll(otherwise);
        }
        default -> {}
      }
    }
  }

  private static Poly fixed(Poly offset, Local counter, int size) {
    var fixed = offset.where(product -> !product.contains(counter));
    return isInt(offset.constant() * size) ? fixed.withoutConstant() : fixed;
  }

  private static int rest(Poly offset, int size) {
    long bytes = offset.constant() * size;
    return isInt(bytes) ? (int) bytes : 0;
  }

  private static boolean isInt(long value) {
    return value >= -(1 << 30) && value <= 1 << 30;
  }

  private static boolean isScale(long bytes) {
    return bytes == 1 || bytes == 2 || bytes == 4 || bytes == 8;
  }

  /** Addresses in a block and its branches, not in inner loops. */
  private static Set<Access> accesses(List<Statement> block) {
    var found = new LinkedHashSet<Access>();
    for (var statement : block) {
      switch (statement) {
        case Statement.Let(var _, var value) -> add(value, found);
        case Statement.Assign(var _, var value) -> add(value, found);
        case Statement.Store store -> found.add(new Access(store.to(), store.offset()));
        case Statement.StoreIndex store -> found.add(new Access(store.to(), store.offset()));
        case Statement.Prefetch(var from, var offset) -> found.add(new Access(from, offset));
        case Statement.If(var _, var _, var _, var then, var otherwise) -> {
          found.addAll(accesses(then));
          found.addAll(accesses(otherwise));
        }
        case Statement.For _, Statement.VectorLoop _ -> {}
      }
    }
    return found;
  }

  private static void add(Expr value, Set<Access> found) {
    switch (value) {
      case Expr.Load load -> found.add(new Access(load.from(), load.offset()));
      case Expr.IndexLoad load -> found.add(new Access(load.from(), load.offset()));
      default -> {}
    }
  }

  // ---- addresses

  /** Where an element is. */
  Place address(Memory memory, Local offset) {
    var access = new Access(memory, offset);
    for (var s = scope; s != null; s = s.outer) {
      var planned = s.planned.get(access);
      if (planned != null) {
        return planned;
      }
      if (s.isLoop) {
        break;
      }
    }
    int size = memory.element().bytes();
    var poly = poly(offset);
    boolean small = isInt(poly.constant() * size);
    var rest = small ? poly.withoutConstant() : poly;
    int displacement = small ? (int) poly.constant() * size : 0;
    var start = base(memory, Poly.ZERO);
    return rest.terms().isEmpty() ? Place.at(start, null, 1, displacement)
        : Place.at(start, evaluate(rest), size, displacement);
  }

  /** The register with the address of a memory plus an offset in elements. */
  private Reg base(Memory memory, Poly offset) {
    if (offset.terms().isEmpty()) {
      return memories.computeIfAbsent(memory, this::start);
    }
    var key = new Base(memory, offset);
    for (var s = scope; s != null; s = s.outer) {
      var known = s.bases.get(key);
      if (known != null) {
        return known;
      }
    }
    var place = Place.at(base(memory, Poly.ZERO), evaluate(offset), memory.element().bytes(), 0);
    var reg = code.generalOf(General.LEA, place);
    if (!offset.mentions(Local::mutable)) {
      scope.bases.put(key, reg);
    }
    return reg;
  }

  private Reg start(Memory memory) {
    return switch (memory) {
      case Parameter.Buffer buffer -> code.fromStart(Bank.GENERAL, Place.argument(buffer.position()));
      case Memory.Scratch scratch -> {
        var reg = code.general();
        int bytes = scratch.size() * scratch.element().bytes();
        var place = Place.frame(code.allocate(Math.max(64, bytes)));
        code.addEntry(new Lir.Op(null, General.LEA, Lir.Role.DEFINE, null, false, List.of(reg, place)));
        yield reg;
      }
    };
  }

  /** A register with the value of a sum of products; not to be changed. */
  private Reg evaluate(Poly poly) {
    var terms = new ArrayList<>(poly.withoutConstant().terms().entrySet());
    terms.sort(Comparator.comparing((Map.Entry<List<Local>, Long> e) -> e.getKey().toString()));
    Reg sum = null;
    boolean own = false;
    for (var term : terms) {
      var value = product(term.getKey());
      boolean fresh = term.getValue() != 1;
      if (fresh) {
        value = times(value, term.getValue());
      }
      if (sum == null) {
        sum = value;
        own = fresh;
      } else {
        if (!own) {
          sum = code.copyOf(sum);
          own = true;
        }
        code.general(General.ADD, sum, value);
      }
    }
    long constant = poly.constant();
    if (sum == null) {
      return code.generalOf(General.MOV, Code.number(constant));
    }
    if (constant != 0) {
      var copy = own ? sum : code.copyOf(sum);
      code.general(General.ADD, copy, isInt(constant)
          ? Code.number(constant) : code.generalOf(General.MOV, Code.number(constant)));
      return copy;
    }
    return sum;
  }

  private Reg times(Reg value, long factor) {
    if (factor > 0 && Long.bitCount(factor) == 1) {
      var shifted = code.copyOf(value);
      code.general(General.SHL, shifted, Code.number(Long.numberOfTrailingZeros(factor)));
      return shifted;
    }
    return isInt(factor) ? code.generalOf(General.IMUL_BY, value, Code.number(factor))
        : product(value, code.generalOf(General.MOV, Code.number(factor)));
  }

  private Reg product(List<Local> atoms) {
    if (atoms.size() == 1) {
      return get(atoms.getFirst());
    }
    for (var s = scope; s != null; s = s.outer) {
      var known = s.products.get(atoms);
      if (known != null) {
        return known;
      }
    }
    var result = product(product(atoms.subList(0, atoms.size() - 1)), get(atoms.getLast()));
    if (atoms.stream().noneMatch(Local::mutable)) {
      scope.products.put(atoms, result);
    }
    return result;
  }
}
