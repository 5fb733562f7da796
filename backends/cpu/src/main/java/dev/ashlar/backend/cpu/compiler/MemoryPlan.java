package dev.ashlar.backend.cpu.compiler;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Gives every slot its place: arguments and results their own, temporaries one that is free from the wave
 * that writes them first to the wave that reads them last, or that of something that is read for the last time while
 * they are written, element by element. The largest are placed first, each where it fits lowest.
 *
 * @param bytes of all
 * @param temporaryBytes of the temporaries
 */
record MemoryPlan(long bytes, long temporaryBytes) {

  private static final long ALIGNMENT = 64;

  /** What lies in one place, one after the other; known by the last. */
  private record Life(List<Slot> slots, int from, int to) {

    long bytes() {
      return aligned(slots.getFirst().bytes());
    }

    long offset() {
      return slots.getFirst().offset();
    }

    /** This, and what takes its place in its last wave. */
    Life then(Life next) {
      return new Life(Stream.concat(slots.stream(), next.slots.stream()).toList(), from, next.to);
    }
  }

  static MemoryPlan of(List<Wave> waves, Slots slots) {
    long next = 0;
    List<Slot> lasting = new ArrayList<>(slots.arguments().values());
    lasting.addAll(slots.results().values());
    for (Slot slot : lasting) {
      slot.placeAt(next);
      next += aligned(slot.bytes());
    }
    long constants = 0;
    for (Slot slot : slots.constants()) {
      slot.placeAt(constants);
      constants += aligned(slot.bytes());
    }
    long end = next;
    List<Life> placed = new ArrayList<>();
    for (Life life : lives(waves)) {
      end = Math.max(end, place(life, placed, next));
    }
    return new MemoryPlan(end, end - next);
  }

  private static List<Life> lives(List<Wave> waves) {
    Map<Slot, int[]> spans = new HashMap<>();
    Set<Slot> order = new LinkedHashSet<>();
    for (int i = 0; i < waves.size(); i++) {
      for (Step step : waves.get(i).steps()) {
        Set<Slot> touched = new HashSet<>(step.reads());
        touched.addAll(step.writes());
        for (Slot slot : touched) {
          if (slot.kind() == Slot.Kind.TEMPORARY) {
            int wave = i;
            spans.computeIfAbsent(slot, s -> new int[] {wave, wave})[1] = wave;
          }
        }
        order.addAll(step.reads());
        order.addAll(step.writes());
      }
    }
    Map<Slot, Life> lives = new LinkedHashMap<>();
    order.stream().filter(spans::containsKey).forEach(slot ->
        lives.put(slot, new Life(List.of(slot), spans.get(slot)[0], spans.get(slot)[1])));
    for (int i = 0; i < waves.size(); i++) {
      for (Step step : waves.get(i).steps()) {
        join(step, i, waves.get(i), lives);
      }
    }
    return lives.values().stream().sorted(Comparator.comparingLong((Life life) -> -life.bytes())).toList();
  }

  /** Lets what a step writes take the place of what it reads last. */
  private static void join(Step step, int now, Wave wave, Map<Slot, Life> lives) {
    for (Slot to : step.writes()) {
      for (Slot from : step.over().getOrDefault(to, List.of())) {
        Life before = lives.get(from);
        Life next = lives.get(to);
        boolean isFree = before != null && before.to == now && next.from == now
            && wave.steps().stream().filter(other -> other.touches(from) || other.touches(to)).count() == 1;
        if (isFree) {
          lives.remove(from);
          lives.put(to, before.then(next));
          break;
        }
      }
    }
  }

  /**
   * Finds the lowest gap among those that live at the same time; gives the end.
   *
   * @param placed by offset
   */
  private static long place(Life life, List<Life> placed, long start) {
    long bytes = life.bytes();
    long at = start;
    for (Life other : placed) {
      if (other.from <= life.to && life.from <= other.to) {
        if (other.offset() - at >= bytes) {
          break;
        }
        at = Math.max(at, other.offset() + other.bytes());
      }
    }
    long place = at;
    life.slots.forEach(slot -> slot.placeAt(place));
    int index = placed.size();
    while (index > 0 && placed.get(index - 1).offset() > at) {
      index--;
    }
    placed.add(index, life);
    return at + bytes;
  }

  static long aligned(long bytes) {
    return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }
}
