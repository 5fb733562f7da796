package dev.ashlar.backend.cpu;

import dev.ashlar.backend.cpu.compiler.Loop;
import dev.ashlar.backend.cpu.compiler.Slot;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Places of a loop's body. Entries lie one behind the other; a state lies where the step before left it, which is where
 * an output keeps it, if one does, or one of two places by turns. All are known before the first step.
 */
final class LoopPlaces implements Places {

  private final Loop loop;
  private final Places outer;
  private final Function<Slot, MemorySegment> constants;
  private final Map<Slot, MemorySegment> fixed = new HashMap<>();
  private final Map<Slot, MemorySegment[]> moving = new HashMap<>();
  private final List<Runnable> bindings = new ArrayList<>();
  private Runnable[] all = {};
  /** What is copied before the first step and after the last: from, to, from, to, .. */
  private MemorySegment[] first = {};
  private MemorySegment[] last = {};
  private int step;

  LoopPlaces(Loop loop, Places outer, Function<Slot, MemorySegment> constants) {
    this.loop = loop;
    this.outer = outer;
    this.constants = constants;
    List<Slot> used = new ArrayList<>(loop.whole().values());
    used.addAll(loop.entries().values());
    loop.states().forEach(state -> {
      used.add(state.first());
      used.add(state.last());
    });
    used.add(loop.working());
    outer.bind(used, this::place);
  }

  private void place() {
    loop.whole().forEach((inner, slot) -> fixed.put(inner, outer.at(slot)));
    loop.entries().forEach((inner, slot) -> moving.put(inner, entries(slot, inner.bytes(), 0)));
    long used = loop.body().temporaryBytes();
    List<MemorySegment> before = new ArrayList<>();
    List<MemorySegment> after = new ArrayList<>();
    for (Loop.State state : loop.states()) {
      long bytes = state.after().bytes();
      MemorySegment working = outer.at(loop.working());
      MemorySegment[] turns = {working.asSlice(used, bytes), working.asSlice(used + (bytes + 63) / 64 * 64, bytes)};
      used += 2 * ((bytes + 63) / 64 * 64);
      place(state, turns);
      if (state.kept() != null && state.before() != null) {
        before.addAll(List.of(outer.at(state.first()), moving.get(state.before())[0]));
      }
      after.addAll(List.of(moving.get(state.after())[loop.length() - 1], outer.at(state.last())));
    }
    first = before.toArray(MemorySegment[]::new);
    last = after.toArray(MemorySegment[]::new);
  }

  private void place(Loop.State state, MemorySegment[] turns) {
    int length = loop.length();
    Slot kept = state.kept();
    Slot made = state.made();
    MemorySegment[] before = new MemorySegment[length];
    MemorySegment[] after = new MemorySegment[length];
    MemorySegment[] through = kept != null ? entries(kept, state.after().bytes(), 1)
        : made != null ? entries(made, state.after().bytes(), 0) : null;
    for (int i = 0; i < length; i++) {
      boolean isLast = i == length - 1 && (kept != null || made == null);
      after[i] = isLast ? outer.at(state.last()) : through == null ? turns[i % 2] : through[i];
      before[i] = i > 0 ? after[i - 1] : kept != null ? entries(kept, state.after().bytes(), 0)[0]
          : outer.at(state.first());
    }
    moving.put(state.after(), after);
    if (state.before() != null) {
      moving.put(state.before(), before);
    }
  }

  /** Entries of an array in the order of the steps, from that of a step on. */
  private MemorySegment[] entries(Slot slot, long bytes, int from) {
    MemorySegment[] entries = new MemorySegment[loop.length() - from];
    for (int i = 0; i < entries.length; i++) {
      entries[i] = outer.at(slot).asSlice(loop.entry(from + i) * bytes, bytes);
    }
    return entries;
  }

  @Override
  public MemorySegment at(Slot slot) {
    MemorySegment[] places = moving.get(slot);
    if (places != null) {
      return places[step];
    }
    MemorySegment place = fixed.get(slot);
    return place != null ? place : fixed.computeIfAbsent(slot, this::find);
  }

  private MemorySegment find(Slot slot) {
    return switch (slot.kind()) {
      case CONSTANT -> constants.apply(slot);
      case TEMPORARY -> outer.at(loop.working())
          .asSlice(slot.offset() - (loop.body().bytes() - loop.body().temporaryBytes()), slot.bytes());
      case ARGUMENT, RESULT, VARIABLE -> throw new IllegalStateException(slot + " has no place");
    };
  }

  @Override
  public void bind(List<Slot> slots, Runnable binding) {
    binding.run();
    if (slots.stream().anyMatch(this::isMoving)) {
      bindings.add(binding);
      all = bindings.toArray(Runnable[]::new);
    }
  }

  @Override
  public boolean isMoving(Slot slot) {
    // What lies still here may move with the loop around.
    return moving.containsKey(slot) || outer.isMoving(loop.whole().getOrDefault(slot, loop.working()));
  }

  /** How many steps there are. */
  int steps() {
    return loop.length();
  }

  /** Moves to where things lie at a step. */
  void moveTo(int to) {
    step = to;
    for (Runnable binding : all) {
      binding.run();
    }
  }

  /** Puts the first state where the first step looks for it. */
  void begin() {
    step = 0;
    copy(first);
  }

  /** Puts the last state where it is looked for after the loop. */
  void end() {
    copy(last);
  }

  private static void copy(MemorySegment[] pairs) {
    for (int i = 0; i < pairs.length; i += 2) {
      copy(pairs[i], pairs[i + 1]);
    }
  }

  /** Nothing if they are one. */
  static void copy(MemorySegment from, MemorySegment to) {
    if (from.address() != to.address()) {
      MemorySegment.copy(from, 0, to, 0, to.byteSize());
    }
  }
}
