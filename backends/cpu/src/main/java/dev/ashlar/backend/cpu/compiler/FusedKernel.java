package dev.ashlar.backend.cpu.compiler;

import dev.ashlar.backend.cpu.kernel.Local;
import dev.ashlar.tensor.Tensor;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes the kernel of a group of kind ROWS: loops over elements or rows; for each row one pass over its
 * elements for each level of reductions, and a last one for what is stored.
 */
final class FusedKernel extends ElementWriter {

  /** Elements of a row that are read from so many cache lines, which must still be there for the next rows. */
  private static final int BLOCK = 64;
  /** Elements from one to the next from which on each is in a line of its own. */
  private static final int FAR = 16;

  /** The part of each row that is written at a time; null for all of it. */
  private @Nullable Local blockStart;
  private @Nullable Local blockEnd;

  private FusedKernel(Body body, Function<Tensor, Slot> slots) {
    super(body, Loops.of(body.space(), loads(body), body.stores().stream().map(Body.Store::form).toList()),
        slots);
  }

  static Call of(Body body, Function<Tensor, Slot> slots) {
    return new FusedKernel(body, slots).write();
  }

  private Call write() {
    boolean isShared = !loops.outer().isEmpty() || !loops.reduced() && !nest.isEmpty();
    Local from = isShared ? call.from() : null;
    Local to = isShared ? call.to() : null;
    declareAll(isShared ? nest.getFirst() : null);
    enter(0, from, to);
    long extent = isShared ? nest.getFirst().extent() : 1;
    long grain = loops.outer().isEmpty() ? 1024 : 1;
    return call.build(extent, grain, body.space().size() * analysis.nanosPerElement());
  }

  // ---------------------------------------------------------------- loops over elements and rows

  /** Writes everything inside the first {@code depth} loops. */
  private void enter(int depth, @Nullable Local from, @Nullable Local to) {
    prepare(analysis.order(), depth, 0);
    if (depth == loops.outer().size() - 1 && blockStart == null && isTransposed(nest.get(depth), nest.getLast())) {
      Local end = extents.get(nest.getLast());
      code.loop(code.constant(0), end, BLOCK, start -> {
        blockStart = start;
        blockEnd = code.min(end, code.add(start, code.constant((long) BLOCK)));
        enter(depth, from, to);
      });
      return;
    }
    if (depth < loops.outer().size()) {
      Loops.Loop loop = nest.get(depth);
      Local start = depth == 0 ? from : code.constant(0);
      Local end = depth == 0 ? to : extents.get(loop);
      var outside = known;
      code.loop(start, end, 1, index -> {
        known = new IdentityHashMap<>(outside);
        List<Local> before = advance(loop, index);
        enter(depth + 1, from, to);
        restore(before);
      });
      known = outside;
      return;
    }
    storeAtRowLevel(0);
    for (int level = 1; level <= analysis.levels(); level++) {
      pass(level, analysis.reductions(level), analysis.elementStores(level - 1), from, to);
      prepare(analysis.order(), depth, level);
      storeAtRowLevel(level);
    }
    List<Integer> last = analysis.elementStores(analysis.levels());
    if (!last.isEmpty()) {
      pass(analysis.levels() + 1, List.of(), last, from, to);
    }
  }

  /** Whether something is read far apart along lanes, and side by side from row to row. */
  private boolean isTransposed(Loops.Loop rows, Loops.Loop lanes) {
    return !loops.reduced() && lanes.extent() > BLOCK && loads(body).stream().anyMatch(form ->
        Math.abs(form.factors()[rows.axis()]) == 1 && Math.abs(form.factors()[lanes.axis()]) >= FAR);
  }

  private void storeAtRowLevel(int level) {
    for (int i : analysis.rowStores(level)) {
      Cursor cursor = storeCursors.get(i);
      code.storeSingle(cursor.buffer, cursor.offset, known.get(body.stores().get(i).value()));
    }
  }

  // ---------------------------------------------------------------- a pass over the elements of a row

  private void pass(int level, List<Value.Reduced> reductions, List<Integer> stores, @Nullable Local from,
      @Nullable Local to) {
    Set<Value> roots = new LinkedHashSet<>();
    reductions.forEach(r -> roots.add(r.operand));
    stores.forEach(i -> roots.add(body.stores().get(i).value()));
    List<Value> needed = Analysis.reachable(roots, known.keySet());
    var outside = known;
    known = new IdentityHashMap<>(outside);
    List<Accumulator> accumulators = reductions.stream().map(r -> new Accumulator(code, r, loops)).toList();
    boolean partitioned = loops.outer().isEmpty() && !loops.reduced();
    Local start = partitioned ? from : blockStart;
    inner(loops.outer().size(), needed, level - 1, accumulators, stores,
        start != null ? start : code.constant(0), partitioned ? to : blockEnd);
    known = outside;
    for (Accumulator accumulator : accumulators) {
      known.put(accumulator.reduced, accumulator.result());
    }
  }

  private void inner(int depth, List<Value> needed, int level, List<Accumulator> accumulators,
      List<Integer> stores, Local start, @Nullable Local end) {
    Loops.Loop loop = nest.get(depth);
    Local stop = end != null ? end : extents.get(loop);
    if (depth < nest.size() - 1) {
      var outside = known;
      code.loop(start, stop, 1, index -> {
        known = new IdentityHashMap<>(outside);
        List<Local> before = advance(loop, index);
        prepare(needed, depth + 1, level);
        inner(depth + 1, needed, level, accumulators, stores, code.constant(0), null);
        restore(before);
      });
      known = outside;
      return;
    }
    if (accumulators.isEmpty() || loop.extent() <= Accumulator.BLOCK) {
      accumulators.forEach(Accumulator::begin);
      lanes(loop, start, stop, needed, accumulators, stores);
      accumulators.forEach(Accumulator::end);
      return;
    }
    code.loop(start, stop, Accumulator.BLOCK, block -> {
      accumulators.forEach(Accumulator::begin);
      lanes(loop, block, code.min(stop, code.add(block, code.constant((long) Accumulator.BLOCK))), needed,
          accumulators, stores);
      accumulators.forEach(Accumulator::end);
    });
  }

  private void lanes(Loops.Loop loop, Local start, Local stop, List<Value> needed,
      List<Accumulator> accumulators, List<Integer> stores) {
    var outside = known;
    code.vectorLoop(start, stop, index -> {
      known = new IdentityHashMap<>(outside);
      for (Value value : needed) {
        if (!known.containsKey(value)) {
          known.put(value, computeLanes(value, loop, index));
        }
      }
      accumulators.forEach(a -> a.add(known.get(a.reduced.operand), index));
      for (int i : stores) {
        Cursor cursor = storeCursors.get(i);
        Place place = place(cursor, loop, index);
        code.store(cursor.buffer, place.offset(), place.access(), known.get(body.stores().get(i).value()),
            null);
      }
    });
    known = outside;
  }
}
