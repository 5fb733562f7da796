package dev.ashlar.backend.cpu.kernel;

import static dev.ashlar.backend.cpu.kernel.Type.LANES;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Runs kernels slowly and obviously: the meaning of the language, and what emitters are tested against. Every
 * access is checked against the segment; a violation names kernel, buffer, offset and statement.
 */
public final class Interpreter {

  private final Kernel kernel;
  private final Arguments arguments;
  private final Map<Local, Object> values = new HashMap<>();
  private final Map<Memory, MemorySegment> memory = new HashMap<>();

  /** Lanes of the tail that is running, or null; and the locals that its loop defines. */
  private boolean @Nullable [] tail;
  private Set<Local> insideLoop = Set.of();
  private @Nullable Statement current;

  private Interpreter(Kernel kernel, Arguments arguments, Arena arena) {
    this.kernel = kernel;
    this.arguments = arguments;
    for (var parameter : kernel.parameters()) {
      switch (parameter) {
        case Parameter.Buffer buffer -> memory.put(buffer, arguments.segment(buffer.position()));
        case Parameter.Scalar scalar -> values.put(scalar.local(), argument(scalar));
      }
    }
    for (var scratch : kernel.scratch()) {
      memory.put(scratch, arena.allocate((long) scratch.size() * scratch.element().bytes(), 64));
    }
  }

  /**
   * Runs a kernel.
   *
   * @throws IndexOutOfBoundsException if it leaves a buffer
   */
  public static void run(Kernel kernel, Arguments arguments) {
    try (var arena = Arena.ofConfined()) {
      new Interpreter(kernel, arguments, arena).run(kernel.body());
    }
  }

  private Object argument(Parameter.Scalar scalar) {
    long word = arguments.word(scalar.position());
    return switch (scalar.local().type()) {
      case INDEX -> word;
      case F32 -> Lanes.splat(Float.intBitsToFloat((int) word));
      case I32 -> Lanes.splat((int) word);
      case MASK -> throw new IllegalStateException("no parameter is a mask");
    };
  }

  private void run(List<Statement> block) {
    for (var statement : block) {
      current = statement;
      run(statement);
    }
  }

  private void run(Statement statement) {
    switch (statement) {
      case Statement.Let(var local, var value) -> values.put(local, evaluate(value));
      case Statement.Assign(var local, var value) -> assign(local, evaluate(value));
      case Statement.Store store -> store(store);
      case Statement.StoreIndex(var to, var offset, var value) ->
          Elements.storeIndex(at(to), to.element(), place(to, index(offset)), index(value));
      case Statement.Prefetch _ -> {}
      case Statement.For(var index, var from, var to, var step, var body) -> {
        long end = index(to);
        for (long i = index(from); i < end; i += step) {
          values.put(index, i);
          run(body);
        }
      }
      case Statement.VectorLoop loop -> vectorLoop(loop);
      case Statement.If(var op, var a, var b, var then, var otherwise) ->
          run(Lanes.compare(op, Long.compare(index(a), index(b))) ? then : otherwise);
    }
  }

  private void vectorLoop(Statement.VectorLoop loop) {
    long end = index(loop.to());
    long i = index(loop.from());
    for (; i + LANES <= end; i += LANES) {
      values.put(loop.index(), i);
      run(loop.body());
    }
    if (i < end) {
      values.put(loop.index(), i);
      tail = Lanes.first(end - i);
      insideLoop = Statement.definedIn(loop.body());
      run(loop.body());
      tail = null;
    }
  }

  private void assign(Local local, Object value) {
    if (tail != null && local.type().isVector() && !insideLoop.contains(local)) {
      values.put(local, Lanes.select(tail, value, get(local)));
    } else {
      values.put(local, value);
    }
  }

  private Object evaluate(Expr value) {
    return switch (value) {
      case Expr.Copy(var a) -> get(a);
      case Expr.IndexConstant(var constant) -> constant;
      case Expr.IndexBinary(var op, var a, var b) -> KernelBuilder.evaluate(op, index(a), index(b));
      case Expr.IndexLoad(var from, var offset) ->
          Elements.loadIndex(at(from), from.element(), place(from, index(offset)));
      case Expr.FloatConstant(var constant) -> Lanes.splat(constant);
      case Expr.IntConstant(var constant) -> Lanes.splat(constant);
      case Expr.Iota(var start) -> Lanes.iota((int) index(start));
      case Expr.Splat(var index) -> Lanes.splat((int) index(index));
      case Expr.FirstLanes(var count) -> Lanes.first(index(count));
      case Expr.Load load -> load(load);
      case Expr.Unary(var op, var a) -> Lanes.unary(op, get(a));
      case Expr.Binary(var op, var a, var b) -> Lanes.binary(op, get(a), get(b));
      case Expr.Compare(var op, var a, var b) -> Lanes.compare(op, get(a), get(b));
      case Expr.Fma(var a, var b, var c) ->
          Lanes.fma((float[]) get(a), (float[]) get(b), (float[]) get(c));
      case Expr.Select(var mask, var a, var b) -> Lanes.select((boolean[]) get(mask), get(a), get(b));
      case Expr.ReduceLanes(var op, var a) -> Lanes.reduce(op, get(a));
      case Expr.Exchange(var high, var distance, var a, var b) ->
          Lanes.exchange(high, distance, get(a), get(b));
    };
  }

  private Object load(Expr.Load load) {
    var element = load.from().element();
    var result = Lanes.ofBits(element.type(), load.fill());
    for (int lane = 0; lane < LANES; lane++) {
      if (isActive(lane, load.access(), load.mask())) {
        long place = place(load.from(), index(load.offset()) + distance(load.access(), lane));
        Lanes.setBits(result, lane, Elements.loadBits(at(load.from()), element, place));
      }
    }
    return result;
  }

  private void store(Statement.Store store) {
    var element = store.to().element();
    var value = get(store.value());
    int lanes = store.access() instanceof Access.Single ? 1 : LANES;
    for (int lane = 0; lane < lanes; lane++) {
      if (isActive(lane, store.access(), store.mask())) {
        long place = place(store.to(), index(store.offset()) + distance(store.access(), lane));
        Elements.storeBits(at(store.to()), element, place, Lanes.bits(value, lane));
      }
    }
  }

  private boolean isActive(int lane, Access access, @Nullable Local mask) {
    return access instanceof Access.Single
        || (mask == null || ((boolean[]) get(mask))[lane]) && (tail == null || tail[lane]);
  }

  private long distance(Access access, int lane) {
    return switch (access) {
      case Access.Contiguous _ -> lane;
      case Access.Single _ -> 0;
      case Access.Strided(var stride) -> stride(index(stride)) * lane;
      case Access.Gather(var lanes) -> ((int[]) get(lanes))[lane];
    };
  }

  private long stride(long stride) {
    if (Math.abs(stride) >= Access.STRIDE_LIMIT) {
      throw new IndexOutOfBoundsException("kernel " + kernel.name() + ": stride " + stride + " in "
          + current);
    }
    return stride;
  }

  private Object get(Local local) {
    return Objects.requireNonNull(values.get(local), local::toString);
  }

  private long index(Local local) {
    return (Long) get(local);
  }

  private MemorySegment at(Memory wanted) {
    return Objects.requireNonNull(memory.get(wanted));
  }

  /** Byte offset of an element, inside the memory. */
  private long place(Memory wanted, long offset) {
    long size = at(wanted).byteSize() / wanted.element().bytes();
    if (offset < 0 || offset >= size) {
      throw new IndexOutOfBoundsException("kernel " + kernel.name() + ": element " + offset + " of " + wanted
          + ", which has " + size + ", in " + current);
    }
    return offset * wanted.element().bytes();
  }
}
