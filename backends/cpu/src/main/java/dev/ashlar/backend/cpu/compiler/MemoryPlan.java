package dev.ashlar.backend.cpu.compiler;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Gives every slot its place: arguments and results their own, temporaries one that is free from the wave
 * that writes them first to the wave that reads them last. The largest are placed first, each where it fits
 * lowest.
 *
 * @param bytes of all
 * @param temporaryBytes of the temporaries
 */
record MemoryPlan(long bytes, long temporaryBytes) {

  private static final long ALIGNMENT = 64;

  private record Life(Slot slot, int from, int to) {}

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
    Set<Slot> order = new java.util.LinkedHashSet<>();
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
    return order.stream()
        .filter(spans::containsKey)
        .map(slot -> new Life(slot, spans.get(slot)[0], spans.get(slot)[1]))
        .sorted(Comparator.comparingLong((Life life) -> -life.slot.bytes()))
        .toList();
  }

  /**
   * Finds the lowest gap among those that live at the same time; gives the end.
   *
   * @param placed by offset
   */
  private static long place(Life life, List<Life> placed, long start) {
    long bytes = aligned(life.slot.bytes());
    long at = start;
    for (Life other : placed) {
      if (other.from <= life.to && life.from <= other.to) {
        if (other.slot.offset() - at >= bytes) {
          break;
        }
        at = Math.max(at, other.slot.offset() + aligned(other.slot.bytes()));
      }
    }
    life.slot.placeAt(at);
    int index = placed.size();
    while (index > 0 && placed.get(index - 1).slot.offset() > at) {
      index--;
    }
    placed.add(index, life);
    return at + bytes;
  }

  static long aligned(long bytes) {
    return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }
}
