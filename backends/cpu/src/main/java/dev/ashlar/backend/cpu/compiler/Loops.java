package dev.ashlar.backend.cpu.compiler;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The order in which a kernel runs through a space. The order of loops over elements and rows is free; that
 * of the reduced axes is not.
 *
 * @param outer loops over elements or rows, outermost first
 * @param inner loops over a row's elements, the last in lanes
 */
record Loops(List<Loop> outer, List<Loop> inner, boolean reduced) {

  /** A loop; {@code axis} is the (innermost) axis of the space that it stands for. */
  record Loop(int axis, int extent) {}

  private static final int SHORT = 16;

  /**
   * @param loads forms that are read
   * @param stores forms that are written
   */
  static Loops of(Space space, List<Form> loads, List<Form> stores) {
    List<Form> all = new ArrayList<>(loads);
    all.addAll(stores);
    List<Loop> outer = new ArrayList<>();
    List<Loop> inner = new ArrayList<>();
    for (int k = 0; k < space.rank(); k++) {
      if (space.extents()[k] != 1) {
        (space.inner()[k] ? inner : outer).add(new Loop(k, space.extents()[k]));
      }
    }
    if (!stores.isEmpty()) {
      outer.sort(Comparator.comparingLong(loop -> -Math.abs(stores.getFirst().factors()[loop.axis])));
    }
    merge(outer, all);
    boolean reduced = !inner.isEmpty();
    if (!reduced && !outer.isEmpty()) {
      Loop lanes = outer.stream().max(Comparator.comparingDouble(loop -> score(loop, loads, stores))).get();
      outer.remove(lanes);
      inner.add(lanes);
    }
    outer.stream().max(Comparator.comparingInt(Loop::extent)).ifPresent(largest -> {
      if (outer.getFirst().extent < SHORT && largest.extent >= 2 * outer.getFirst().extent) {
        outer.remove(largest);
        outer.addFirst(largest); // shared out among threads
      }
    });
    return new Loops(outer, inner, reduced);
  }

  /** For reductions down columns: the last axis that stays in lanes, inside the loops over rows. */
  static Loops columns(Space space, List<Form> loads, List<Form> stores) {
    List<Form> all = new ArrayList<>(loads);
    all.addAll(stores);
    List<Loop> outer = new ArrayList<>();
    List<Loop> inner = new ArrayList<>();
    for (int k = 0; k < space.rank(); k++) {
      if (space.extents()[k] != 1) {
        (space.inner()[k] ? inner : outer).add(new Loop(k, space.extents()[k]));
      }
    }
    merge(outer, all);
    inner.add(outer.removeLast());
    return new Loops(outer, inner, true);
  }

  /** Makes one loop of neighbours through which every form runs evenly. */
  private static void merge(List<Loop> loops, List<Form> forms) {
    for (int i = loops.size() - 2; i >= 0; i--) {
      Loop a = loops.get(i);
      Loop b = loops.get(i + 1);
      if ((long) a.extent * b.extent <= Integer.MAX_VALUE
          && forms.stream().allMatch(f -> f.factors()[a.axis] == f.factors()[b.axis] * b.extent)) {
        loops.set(i, new Loop(b.axis, a.extent * b.extent));
        loops.remove(i + 1);
      }
    }
  }

  /** How well an axis is suited for lanes: neighbours in memory, and enough of them. */
  private static double score(Loop loop, List<Form> loads, List<Form> stores) {
    double score = 0;
    for (Form load : loads) {
      score += even(load.factors()[loop.axis], 1);
    }
    for (Form store : stores) {
      score += even(store.factors()[loop.axis], 2);
    }
    double filled = Math.min(1.0, loop.extent / (double) SHORT);
    return (score + 3 * (loads.size() + 2 * stores.size())) * filled;
  }

  private static double even(long factor, double weight) {
    return factor == 1 ? weight : factor == 0 ? 0.5 * weight : -weight;
  }

  /** All loops, outermost first. */
  List<Loop> all() {
    List<Loop> all = new ArrayList<>(outer);
    all.addAll(inner);
    return all;
  }

  /** The number of loops that must be entered for a form to be known. */
  int depth(Form form) {
    List<Loop> all = all();
    int depth = all.size();
    while (depth > 0 && !form.dependsOn(all.get(depth - 1).axis)) {
      depth--;
    }
    return depth;
  }
}
