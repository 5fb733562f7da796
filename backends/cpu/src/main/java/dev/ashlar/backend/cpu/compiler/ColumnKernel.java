package dev.ashlar.backend.cpu.compiler;

import dev.ashlar.backend.cpu.kernel.Element;
import dev.ashlar.backend.cpu.kernel.Expr;
import dev.ashlar.backend.cpu.kernel.Local;
import dev.ashlar.backend.cpu.kernel.Memory;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Tensor;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Function;

/**
 * Writes the kernel of a group of kind COLUMNS: rows are added up, lanes run across. Rows are taken in
 * ascending order, whatever the partition, which parts columns only.
 */
final class ColumnKernel extends ElementWriter {

  /** Columns whose sums are kept in the nearest cache while rows go by. */
  private static final int CHUNK = 1024;

  private final List<Value.Reduced> reductions = new ArrayList<>();
  private final List<Memory.Scratch> sums = new ArrayList<>();

  private ColumnKernel(Body body, Function<Tensor, Slot> slots) {
    super(body, Loops.columns(body.space(), loads(body), body.stores().stream().map(Body.Store::form)
        .toList()),
        slots);
    for (Body.Store store : body.stores()) {
      reductions.add((Value.Reduced) store.value());
    }
  }

  static Call of(Body body, Function<Tensor, Slot> slots) {
    return new ColumnKernel(body, slots).write();
  }

  private Call write() {
    Loops.Loop lanes = nest.getLast();
    Loops.Loop shared = loops.outer().isEmpty() ? lanes : nest.getFirst();
    Local from = call.from();
    Local to = call.to();
    declareAll(shared);
    for (int i = 0; i < reductions.size(); i++) {
      boolean floating = reductions.get(i).dtype.isFloating();
      sums.add(code.scratch("sums" + i, floating ? Element.F32 : Element.I32, CHUNK));
    }
    enter(0, from, to);
    return call.build(shared.extent(), shared == lanes ? 64 : 1,
        body.space().size() * (analysis.nanosPerElement() + 0.05));
  }

  private void enter(int depth, Local from, Local to) {
    prepare(analysis.order(), depth, 0);
    boolean isFirst = depth == 0;
    if (depth == loops.outer().size()) {
      Local start = isFirst ? from : code.constant(0);
      Local end = isFirst ? to : extents.get(nest.getLast());
      code.loop(start, end, CHUNK,
          chunk -> columns(chunk, code.min(end, code.add(chunk, code.constant((long) CHUNK)))));
      return;
    }
    Loops.Loop loop = nest.get(depth);
    var outside = known;
    code.loop(isFirst ? from : code.constant(0), isFirst ? to : extents.get(loop), 1, index -> {
      known = new IdentityHashMap<>(outside);
      List<Local> before = advance(loop, index);
      enter(depth + 1, from, to);
      restore(before);
    });
    known = outside;
  }

  private void columns(Local start, Local end) {
    var outside = known;
    known = new IdentityHashMap<>(outside);
    Local zero = code.constant(0);
    code.vectorLoop(zero, code.sub(end, start), column -> {
      for (int i = 0; i < reductions.size(); i++) {
        code.store(sums.get(i), column, Accumulator.neutral(code, reductions.get(i)));
      }
    });
    List<Value> needed = Analysis.reachable(
        reductions.stream().map(r -> r.operand).distinct().toList(), known.keySet());
    rows(loops.outer().size(), needed, start, end);
    Loops.Loop lanes = nest.getLast();
    code.vectorLoop(start, end, index -> {
      for (int i = 0; i < reductions.size(); i++) {
        Cursor cursor = storeCursors.get(i);
        Place place = place(cursor, lanes, index);
        Local sum = code.load(sums.get(i), code.sub(index, start));
        code.store(cursor.buffer, place.offset(), place.access(),
            Pointwise.narrowed(code, reductions.get(i).dtype, sum), null);
      }
    });
    known = outside;
  }

  private void rows(int depth, List<Value> needed, Local start, Local end) {
    var outside = known;
    Loops.Loop loop = nest.get(depth);
    if (depth < nest.size() - 1) {
      code.loop(code.constant(0), extents.get(loop), 1, index -> {
        known = new IdentityHashMap<>(outside);
        List<Local> before = advance(loop, index);
        prepare(needed, depth + 1, 0);
        rows(depth + 1, needed, start, end);
        restore(before);
      });
      known = outside;
      return;
    }
    code.vectorLoop(start, end, index -> {
      known = new IdentityHashMap<>(outside);
      for (Value value : needed) {
        if (!known.containsKey(value)) {
          known.put(value, computeLanes(value, loop, index));
        }
      }
      Local column = code.sub(index, start);
      for (int i = 0; i < reductions.size(); i++) {
        Value.Reduced reduced = reductions.get(i);
        Expr.BinaryOp op = Accumulator.reduction((Op.Reduce) reduced.op).op();
        Local sum = code.binary(op, code.load(sums.get(i), column), known.get(reduced.operand));
        code.store(sums.get(i), column, sum);
      }
    });
    known = outside;
  }
}
