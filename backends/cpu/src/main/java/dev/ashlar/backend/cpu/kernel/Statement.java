package dev.ashlar.backend.cpu.kernel;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A step of a kernel. Statements run in order. */
public sealed interface Statement {

  /** Defines a local; a mutable one can be assigned later. */
  record Let(Local local, Expr value) implements Statement {
    public Let {
      Check.type(local, value.type(), "let");
    }
  }

  /**
   * Gives a mutable local a new value. In the tail of a {@link VectorLoop}, a vector local that was defined
   * outside the loop keeps its lanes outside the tail.
   */
  record Assign(Local local, Expr value) implements Statement {
    public Assign {
      Check.type(local, value.type(), "assign");
      if (!local.mutable()) {
        throw new IllegalArgumentException("assign: " + local + " is not mutable");
      }
    }
  }

  /**
   * Writes lanes to memory, converted to its elements. Lanes outside the mask or the tail write nothing.
   * {@link Access.Single} writes lane 0, tail or not. Strided lanes are written in ascending order.
   *
   * @param mask MASK, or null for all lanes; not with {@link Access.Single}
   */
  record Store(Memory to, Local offset, Access access, Local value, @Nullable Local mask)
      implements Statement {
    public Store {
      Check.type(offset, Type.INDEX, "offset");
      Check.type(value, to.element().type(), "store to " + to);
      if (value.type() == Type.INDEX || access instanceof Access.Gather) {
        throw new IllegalArgumentException("store to " + to + ": not defined for " + value + ", " + access);
      }
      if (mask != null) {
        Check.type(mask, Type.MASK, "mask");
        if (access instanceof Access.Single) {
          throw new IllegalArgumentException("a single element is stored without a mask: " + to);
        }
      }
    }
  }

  /** Writes one integer: I64 whole, or the low bits as I32, I8 or U8. */
  record StoreIndex(Memory to, Local offset, Local value) implements Statement {
    public StoreIndex {
      Check.type(offset, Type.INDEX, "offset");
      Check.type(value, Type.INDEX, "store to " + to);
      if (!to.element().isIndex()) {
        throw new IllegalArgumentException("no INDEX can be stored to " + to.element() + " " + to);
      }
    }
  }

  /** A hint that the element will be needed soon. No effect on values; any offset is allowed. */
  record Prefetch(Memory from, Local offset) implements Statement {
    public Prefetch {
      Check.type(offset, Type.INDEX, "offset");
    }
  }

  /**
   * Runs the body with index = from, from + step, .. while it is below {@code to}. Bounds are read once.
   *
   * @param step positive
   */
  record For(Local index, Local from, Local to, long step, List<Statement> body) implements Statement {
    public For {
      Check.type(index, Type.INDEX, "index");
      Check.type(from, Type.INDEX, "from");
      Check.type(to, Type.INDEX, "to");
      if (step <= 0 || index.mutable()) {
        throw new IllegalArgumentException("for: step " + step + ", index " + index);
      }
      body = List.copyOf(body);
    }
  }

  /**
   * Runs the body for each full group of 16 from {@code from}, then, if elements are left over, once more as
   * the tail: lanes from {@code to - index} up are masked in every {@link Expr.Load}, {@link Store} and
   * {@link Assign} as said there; everything else is computed in all lanes. Not inside another VectorLoop.
   *
   * @param index number of the element in lane 0
   */
  record VectorLoop(Local index, Local from, Local to, List<Statement> body) implements Statement {
    public VectorLoop {
      Check.type(index, Type.INDEX, "index");
      Check.type(from, Type.INDEX, "from");
      Check.type(to, Type.INDEX, "to");
      if (index.mutable()) {
        throw new IllegalArgumentException("vector loop: index " + index);
      }
      body = List.copyOf(body);
    }
  }

  /** Runs one of two blocks, by a signed comparison of two INDEX locals. */
  record If(Expr.CompareOp op, Local a, Local b, List<Statement> then, List<Statement> otherwise)
      implements Statement {
    public If {
      Check.type(a, Type.INDEX, "if");
      Check.type(b, Type.INDEX, "if");
      then = List.copyOf(then);
      otherwise = List.copyOf(otherwise);
    }
  }

  /** All locals that a block and the blocks in it define. */
  static Set<Local> definedIn(List<Statement> block) {
    var defined = new HashSet<Local>();
    for (var statement : block) {
      switch (statement) {
        case Let(var local, var _) -> defined.add(local);
        case For(var index, var _, var _, var _, var body) -> {
          defined.add(index);
          defined.addAll(definedIn(body));
        }
        case VectorLoop(var index, var _, var _, var body) -> {
          defined.add(index);
          defined.addAll(definedIn(body));
        }
        case If(var _, var _, var _, var then, var otherwise) -> {
          defined.addAll(definedIn(then));
          defined.addAll(definedIn(otherwise));
        }
        case Assign _, Store _, StoreIndex _, Prefetch _ -> {}
      }
    }
    return defined;
  }
}
