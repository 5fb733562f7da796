package dev.ashlar.backend.cpu.compiler;

import dev.ashlar.backend.cpu.kernel.Access;
import dev.ashlar.backend.cpu.kernel.Expr;
import dev.ashlar.backend.cpu.kernel.KernelBuilder;
import dev.ashlar.backend.cpu.kernel.Local;
import dev.ashlar.backend.cpu.kernel.Parameter;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.backend.cpu.compiler.Loops.Loop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What writers of kernels over elements share: places that move along with the loops, and the values of a
 * body. A value is computed in the outermost loop in which it is known.
 */
class ElementWriter {

  /** A place in a buffer (or a bare position) that moves along with the loops. */
  static final class Cursor {
    final Parameter.@Nullable Buffer buffer;
    final Form form;
    final Map<Integer, Local> strides = new HashMap<>();
    Local offset;

    Cursor(Parameter.@Nullable Buffer buffer, Form form, Local offset) {
      this.buffer = buffer;
      this.form = form;
      this.offset = offset;
    }
  }

  final Body body;
  final Loops loops;
  final List<Loop> nest;
  final Analysis analysis;
  final CallBuilder call;
  final KernelBuilder code;
  final List<Cursor> storeCursors = new ArrayList<>();
  final Map<Loop, Local> extents = new HashMap<>();
  Map<Value, Local> known = new IdentityHashMap<>();
  private final Function<Tensor, Slot> slots;
  private final List<Cursor> cursors = new ArrayList<>();
  private final Map<Value, Cursor> valueCursors = new IdentityHashMap<>();

  ElementWriter(Body body, Loops loops, Function<Tensor, Slot> slots) {
    this.body = body;
    this.loops = loops;
    this.slots = slots;
    analysis = Analysis.of(body, loops);
    nest = loops.all();
    call = new CallBuilder(analysis.name());
    code = call.code;
  }

  /** Forms of all that is read. */
  static List<Form> loads(Body body) {
    List<Form> loads = new ArrayList<>();
    for (Value value : Analysis.values(body.stores())) {
      switch (value) {
        case Value.Load load -> loads.add(load.form);
        case Value.Position position -> loads.add(position.form);
        case Value.Random random -> loads.add(random.form);
        case Value.Number _, Value.Apply _, Value.Reduced _ -> {}
      }
    }
    return loads;
  }

  /** Declares the parameters: extents of all loops but the one that is shared out, then what values need. */
  void declareAll(@Nullable Loop shared) {
    for (Loop loop : nest) {
      if (loop != shared) {
        extents.put(loop, call.index(loop.extent()));
      }
    }
    analysis.order().forEach(value -> declare(value, shared));
    for (Body.Store store : body.stores()) {
      storeCursors.add(cursor(buffer(store.to(), store.form(), shared), store.form()));
    }
  }

  private Parameter.Buffer buffer(Tensor tensor, Form form, @Nullable Loop shared) {
    boolean isParted = shared != null && form.offset() == 0
        && form.factors()[shared.axis()] * shared.extent() == tensor.shape().size()
        && nest.stream().filter(loop -> loop != shared)
            .allMatch(loop -> form.factors()[loop.axis()] >= 0)
        && nest.stream().filter(loop -> loop != shared)
            .mapToLong(loop -> form.factors()[loop.axis()] * (loop.extent() - 1L)).sum()
                < form.factors()[shared.axis()];
    return call.buffer(slots.apply(tensor), tensor.dtype(), isParted);
  }

  private void declare(Value value, @Nullable Loop shared) {
    switch (value) {
      case Value.Load load -> valueCursors.put(load, cursor(buffer(load.from, load.form, shared), load.form));
      case Value.Number number -> known.put(number, switch (number.dtype) {
        case F32, F16, BF16 -> call.f32((float) number.value);
        case I32, I8, U8 -> call.i32((int) (long) number.value);
        case BOOL -> code.firstLanes(call.index(number.value != 0 ? 16 : 0));
        case F64, I64 -> throw new IllegalArgumentException("a literal of " + number.dtype);
      });
      case Value.Position position -> valueCursors.put(position, cursor(null, position.form));
      case Value.Random random -> valueCursors.put(random, cursor(null, random.form));
      case Value.Apply _, Value.Reduced _ -> {}
    }
  }

  private Cursor cursor(Parameter.@Nullable Buffer buffer, Form form) {
    Local offset = form.offset() == 0 ? code.constant(0) : call.index(form.offset());
    Cursor cursor = new Cursor(buffer, form, offset);
    for (Loop loop : nest) {
      long factor = form.factors()[loop.axis()];
      if (factor != 0 && factor != 1) {
        cursor.strides.put(loop.axis(), call.index(factor));
      }
    }
    cursors.add(cursor);
    return cursor;
  }

  /** Computes the values that become known at a depth and wait for no more than these reductions. */
  void prepare(List<Value> order, int depth, int level) {
    for (Value value : order) {
      if (analysis.depth(value) == depth && analysis.level(value) <= level && !known.containsKey(value)) {
        known.put(value, compute(value));
      }
    }
  }

  // ---------------------------------------------------------------- values

  private Local compute(Value value) {
    return switch (value) {
      case Value.Load load -> {
        Cursor cursor = valueCursors.get(load);
        yield code.loadSingle(cursor.buffer, cursor.offset);
      }
      case Value.Position position ->
          positionAs(position.dtype, code.let(new Expr.Splat(valueCursors.get(position).offset)));
      case Value.Random random ->
          random(random, code.let(new Expr.Splat(valueCursors.get(random).offset)));
      case Value.Apply apply -> apply(apply);
      case Value.Number _, Value.Reduced _ -> throw new IllegalStateException("known beforehand");
    };
  }

  Local computeLanes(Value value, Loop loop, Local index) {
    return switch (value) {
      case Value.Load load when load.form.dependsOn(loop.axis()) -> {
        Cursor cursor = valueCursors.get(load);
        Place place = place(cursor, loop, index);
        yield code.load(cursor.buffer, place.offset, place.access, null, 0);
      }
      case Value.Position position -> positionAs(position.dtype,
          lanes(valueCursors.get(position), loop, index));
      case Value.Random random -> random(random, lanes(valueCursors.get(random), loop, index));
      default -> compute(value);
    };
  }

  private Local apply(Value.Apply apply) {
    List<Local> operands = apply.operands.stream().map(known::get).toList();
    DType from = apply.operands.getFirst().dtype();
    return Pointwise.apply(code, apply.op, from, apply.dtype, operands);
  }

  private Local random(Value.Random random, Local counter) {
    return Pointwise.threefry(code, known.get(random.low), known.get(random.high), counter);
  }

  private Local positionAs(DType dtype, Local position) {
    return Pointwise.narrowed(code, dtype, dtype.isFloating() ? code.unary(Expr.UnaryOp.TO_F32, position)
        : position);
  }

  // ---------------------------------------------------------------- places

  record Place(Local offset, Access access) {}

  Place place(Cursor cursor, Loop loop, Local index) {
    Local stride = cursor.strides.get(loop.axis());
    if (stride != null) {
      return new Place(code.offset(cursor.offset, index, stride), new Access.Strided(stride));
    }
    return new Place(code.add(cursor.offset, index), new Access.Contiguous());
  }

  private Local lanes(Cursor cursor, Loop loop, Local index) {
    Local stride = cursor.strides.get(loop.axis());
    if (!cursor.form.dependsOn(loop.axis())) {
      return code.let(new Expr.Splat(cursor.offset));
    }
    if (stride == null) {
      return code.let(new Expr.Iota(code.add(cursor.offset, index)));
    }
    Local lanes = code.mul(code.let(new Expr.Iota(index)), code.let(new Expr.Splat(stride)));
    return code.add(lanes, code.let(new Expr.Splat(cursor.offset)));
  }

  /** Moves cursors to an index of a loop; gives the places where they were. */
  List<Local> advance(Loop loop, Local index) {
    List<Local> before = cursors.stream().map(c -> c.offset).toList();
    for (Cursor cursor : cursors) {
      if (cursor.form.dependsOn(loop.axis())) {
        Local stride = cursor.strides.get(loop.axis());
        cursor.offset = stride == null ? code.add(cursor.offset, index)
            : code.offset(cursor.offset, index, stride);
      }
    }
    return before;
  }

  void restore(List<Local> before) {
    for (int i = 0; i < before.size(); i++) {
      cursors.get(i).offset = before.get(i);
    }
  }
}
