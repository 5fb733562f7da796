package dev.ashlar.backend.cpu.machine;

import dev.ashlar.backend.cpu.machine.Lir.Bank;
import dev.ashlar.backend.cpu.machine.Lir.Item;
import dev.ashlar.backend.cpu.machine.Lir.Op;
import dev.ashlar.backend.cpu.machine.Lir.Reg;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Linear scan over live intervals (Poletto and Sarkar, 1999). An interval is one range; a register that is
 * defined before a loop and used inside lives to the loop's end. What finds no register is reported, for the
 * {@link Spiller} to rewrite.
 */
final class Allocator {

  /** Numbers of registers, and those that found none. */
  record Result(Map<Reg, Integer> numbers, Set<Reg> spilled) {}

  /** How often code at one more level of loops is assumed to run. */
  private static final double LOOP_FACTOR = 10;

  private static final class Interval {
    final Reg reg;
    final int start;
    int end;
    double uses;

    Interval(Reg reg, int start) {
      this.reg = reg;
      this.start = start;
      this.end = start;
    }

    double cost() {
      return reg.brief ? Double.POSITIVE_INFINITY
          : uses / (end - start + 1) * (reg.source == null ? 1 : 0.4);
    }
  }

  private record Loop(int start, int end) {}

  private final Map<Bank, List<Integer>> available;
  private final Map<Reg, Interval> intervals = new IdentityHashMap<>();

  private Allocator(Map<Bank, List<Integer>> available) {
    this.available = available;
  }

  static Result allocate(List<Item> items, Map<Bank, List<Integer>> available) {
    var allocator = new Allocator(available);
    allocator.findIntervals(items);
    return allocator.scan();
  }

  private void findIntervals(List<Item> items) {
    var loops = loops(items);
    var enclosing = new ArrayDeque<Loop>();
    int nextLoop = 0;
    double weight = 1;
    for (int i = 0; i < items.size(); i++) {
      switch (items.get(i)) {
        case Lir.LoopStart _ -> {
          enclosing.push(loops.get(nextLoop++));
          weight *= LOOP_FACTOR;
        }
        case Lir.LoopEnd _ -> {
          enclosing.pop();
          weight /= LOOP_FACTOR;
        }
        case Op op -> {
          for (var reg : op.read()) {
            use(reg, 4 * i, weight, enclosing);
          }
          var written = op.written();
          if (written != null) {
            intervals.computeIfAbsent(written, reg -> new Interval(reg, position(op)));
            use(written, 4 * i + 1, weight, enclosing);
          }
        }
        case Lir.Jump _, Lir.Bind _ -> {}
      }
    }
  }

  private int position(Op op) {
    return 4 * index(op) + 1;
  }

  private final Map<Op, Integer> indices = new IdentityHashMap<>();

  private int index(Op op) {
    return indices.get(op);
  }

  private void use(Reg reg, int position, double weight, Iterable<Loop> enclosing) {
    var interval = intervals.get(reg);
    if (interval == null) {
      throw new IllegalStateException("register " + reg + " is used before it is defined");
    }
    interval.uses += weight;
    interval.end = Math.max(interval.end, position);
    for (var loop : enclosing) {
      if (interval.start < loop.start()) {
        interval.end = Math.max(interval.end, loop.end());
      }
    }
  }

  /** Loops in the order of their starts. */
  private List<Loop> loops(List<Item> items) {
    var open = new ArrayDeque<Integer>();
    var found = new ArrayList<Loop>();
    for (int i = 0; i < items.size(); i++) {
      switch (items.get(i)) {
        case Lir.LoopStart _ -> open.push(4 * i);
        case Lir.LoopEnd _ -> found.add(new Loop(open.pop(), 4 * i));
        case Op op -> indices.put(op, i);
        case Lir.Jump _, Lir.Bind _ -> {}
      }
    }
    found.sort(Comparator.comparingInt(Loop::start));
    return found;
  }

  private Result scan() {
    var numbers = new IdentityHashMap<Reg, Integer>();
    Set<Reg> spilled = new HashSet<>();
    var active = new EnumMap<Bank, List<Interval>>(Bank.class);
    var free = new EnumMap<Bank, TreeSet<Integer>>(Bank.class);
    for (var bank : Bank.values()) {
      active.put(bank, new ArrayList<>());
      var ranks = new TreeSet<Integer>();
      for (int rank = 0; rank < available.get(bank).size(); rank++) {
        ranks.add(rank);
      }
      free.put(bank, ranks);
    }
    var ordered = new ArrayList<>(intervals.values());
    ordered.sort(Comparator.comparingInt((Interval i) -> i.start).thenComparingInt(i -> i.reg.id));
    for (var interval : ordered) {
      var bank = interval.reg.bank;
      var living = active.get(bank);
      living.removeIf(other -> {
        boolean over = other.end < interval.start;
        if (over) {
          free.get(bank).add(numbers.get(other.reg));
        }
        return over;
      });
      if (free.get(bank).isEmpty()) {
        living.add(interval);
        var victim = living.stream().min(Comparator.comparingDouble(Interval::cost)).orElseThrow();
        if (victim.reg.brief) {
          throw new IllegalStateException("an instruction needs more registers than there are: " + bank);
        }
        spilled.add(victim.reg);
        living.remove(victim);
        if (victim != interval) {
          numbers.put(interval.reg, numbers.remove(victim.reg));
        }
      } else {
        int rank = preferred(interval.reg, numbers, free.get(bank));
        free.get(bank).remove(rank);
        numbers.put(interval.reg, rank);
        living.add(interval);
      }
    }
    var result = new IdentityHashMap<Reg, Integer>();
    numbers.forEach((reg, rank) -> result.put(reg, available.get(reg.bank).get(rank)));
    return new Result(result, spilled);
  }

  private static int preferred(Reg reg, Map<Reg, Integer> numbers, TreeSet<Integer> free) {
    var partner = reg.partner == null ? null : numbers.get(reg.partner);
    return partner != null && free.contains(partner) ? partner : free.first();
  }
}
