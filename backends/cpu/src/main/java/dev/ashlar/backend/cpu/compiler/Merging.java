package dev.ashlar.backend.cpu.compiler;

import dev.ashlar.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes one group of two that run through the same space and read the same array, or of which one reads what the
 * other writes, element by element: the array is then read once. An optimizer's moments and the parameter that
 * they move are made together, and so are a norm's two gradients.
 */
final class Merging {

  private static final int MAX_LOADS = 12;
  private static final int MAX_STORES = 8;
  /** Rows shorter than this fill few lanes, which what needs no rows should not suffer from. */
  private static final int SHORT_ROW = 64;

  private final List<Group> groups;
  private final Set<Tensor> required;
  private final Set<Tensor> inPlace;
  private final Map<Tensor, Set<Group>> readers = new HashMap<>();
  /** Where a group went. */
  private final Group[] byId;

  private Merging(List<Group> groups, Set<Tensor> required, Set<Tensor> inPlace) {
    this.groups = groups;
    this.required = required;
    this.inPlace = inPlace;
    byId = new Group[groups.size()];
  }

  /**
   * Merges where that is possible and spares reading an array.
   *
   * @param groups changed
   * @param required tensors that must be stored
   * @param inPlace those of them that should be written over an array which their group reads
   */
  static void in(List<Group> groups, Set<Tensor> required, Set<Tensor> inPlace) {
    new Merging(groups, required, inPlace).merge();
  }

  private void merge() {
    Map<Tensor, List<Group>> near = new LinkedHashMap<>();
    for (Group group : groups) {
      byId[group.id] = group;
      List<Tensor> loaded = group.loaded();
      loaded.forEach(tensor -> readers.computeIfAbsent(tensor, t -> new HashSet<>()).add(group));
      if (group.isFused() && group.space.size() > 1) {
        loaded.forEach(tensor -> note(tensor, group, near));
        group.outputs.forEach(store -> note(store.tensor(), group, near));
      }
    }
    near.values().forEach(this::merge);
    groups.removeIf(group -> byId[group.id] != group);
  }

  private Group current(Group group) {
    Group current = group;
    while (byId[current.id] != current) {
      current = byId[current.id];
    }
    return current;
  }

  private static void note(Tensor tensor, Group group, Map<Tensor, List<Group>> near) {
    if (tensor.shape().size() == group.space.size()) {
      near.computeIfAbsent(tensor, t -> new ArrayList<>()).add(group);
    }
  }

  private void merge(List<Group> candidates) {
    for (int i = 0; i < candidates.size(); i++) {
      for (int j = i + 1; j < candidates.size(); j++) {
        Group first = current(candidates.get(i));
        Group second = current(candidates.get(j));
        if (first != second) {
          // What reaches the earlier one reaches the later one already.
          boolean isLater = second.reaches.get(first.id);
          tryToMerge(isLater ? first : second, isLater ? second : first);
        }
      }
    }
  }

  private void tryToMerge(Group a, Group b) {
    if (a.kind != b.kind || a.outputs.size() + b.outputs.size() > MAX_STORES
        || a.tensors() + b.tensors() > Fusion.MAX_TENSORS || isBetween(a, b) || isBetween(b, a)) {
      return;
    }
    List<Tensor> loadedByA = a.loaded();
    List<Tensor> loadedByB = b.loaded();
    Set<Tensor> tensors = new HashSet<>(loadedByA);
    tensors.addAll(loadedByB);
    if (tensors.size() <= MAX_LOADS && haveOneSpace(a, b)
        && mayTake(a, loadedByA, b) && mayTake(b, loadedByB, a)) {
      loadedByA.forEach(tensor -> readers.get(tensor).remove(a));
      loadedByB.forEach(tensor -> readers.get(tensor).remove(b));
      a.space = a.space.isReduced() ? a.space : b.space;
      a.absorb(b);
      a.loaded().forEach(tensor -> readers.get(tensor).add(a));
      a.outputs.removeIf(store -> !required.contains(store.tensor())
          && readers.getOrDefault(store.tensor(), Set.of()).isEmpty());
      connect(a, b);
    }
  }

  /** Whether a third group waits for one and is waited for by the other. */
  private boolean isBetween(Group from, Group to) {
    if (from.reaches.get(to.id)) {
      for (int id = from.reaches.nextSetBit(0); id >= 0; id = from.reaches.nextSetBit(id + 1)) {
        Group next = byId[id];
        if (next.id == id && next != to && next.reaches.get(to.id)) {
          return true;
        }
      }
    }
    return false;
  }

  // ---------------------------------------------------------------- one space for both

  /**
   * Splits axes until both spaces have the same; that does no harm if the groups are not merged after all. Axes that
   * one of them reduces are rows of the other's elements.
   */
  private boolean haveOneSpace(Group a, Group b) {
    if (a.space.isReduced() == b.space.isReduced()) {
      List<Integer> common = a.space.isReduced() ? null : common(a.space.extents(), b.space.extents());
      if (common != null) {
        refine(a, common);
        refine(b, common);
      }
    } else {
      Group rows = a.space.isReduced() ? a : b;
      Group elements = rows == a ? b : a;
      List<Integer> extents = java.util.Arrays.stream(rows.space.extents()).boxed().toList();
      long row = rows.space.innerAxes().mapToLong(k -> rows.space.extents()[k]).reduce(1, (x, y) -> x * y);
      boolean suits = row >= SHORT_ROW && !Fusion.isForFewThreads(rows.space.size() / row, row)
          && elements.produced().stream().noneMatch(inPlace::contains)
          && extents.equals(common(elements.space.extents(), rows.space.extents()));
      if (!suits) {
        return false;
      }
      refine(elements, extents);
      return true;
    }
    return java.util.Arrays.equals(a.space.extents(), b.space.extents())
        && java.util.Arrays.equals(a.space.inner(), b.space.inner());
  }

  /** Extents of the fewest loops that run through both spaces in row-major order; null if there are none. */
  private static @Nullable List<Integer> common(int[] a, int[] b) {
    List<Integer> extents = new ArrayList<>();
    int i = a.length - 1;
    int j = b.length - 1;
    int restOfA = a[i];
    int restOfB = b[j];
    while (true) {
      int next = Math.min(restOfA, restOfB);
      if (restOfA % next != 0 || restOfB % next != 0) {
        return null;
      }
      extents.addFirst(next);
      restOfA /= next;
      restOfB /= next;
      if (restOfA == 1 && --i >= 0) {
        restOfA = a[i];
      }
      if (restOfB == 1 && --j >= 0) {
        restOfB = b[j];
      }
      if (i < 0 || j < 0) {
        return i < 0 && j < 0 ? extents : null;
      }
    }
  }

  private static void refine(Group group, List<Integer> extents) {
    for (int k = 0; k < extents.size(); k++) {
      // Seen from the last axis: those behind are right already.
      int axis = group.space.rank() - 1 - k;
      int extent = extents.get(extents.size() - 1 - k);
      if (group.space.extents()[axis] != extent) {
        group.split(axis, extent);
      }
    }
  }

  // ---------------------------------------------------------------- what is handed over

  /** Whether a group may compute by itself what it loads from another, or finds it loaded there too. */
  private static boolean mayTake(Group reader, List<Tensor> loaded, Group writer) {
    for (Tensor tensor : loaded) {
      if (writer.inlined.contains(tensor)) {
        boolean inRows = writer.kind == Group.Kind.ROWS;
        boolean atOnePlace = writer.outputs.stream()
            .anyMatch(s -> s.tensor() == tensor && reader.forms(tensor).equals(List.of(s.form())));
        if (!inRows || !atOnePlace) {
          return false;
        }
      }
    }
    return true;
  }

  /** One group comes after and before all that either did. */
  private void connect(Group a, Group b) {
    boolean isKnown = b.reaches.get(a.id);
    byId[b.id] = a;
    a.reaches.or(b.reaches);
    a.reaches.clear(a.id);
    a.reaches.clear(b.id);
    a.isReached |= b.isReached;
    if (a.isReached && !(isKnown && a.reaches.isEmpty())) {
      for (Group group : groups) {
        if (group.reaches.get(a.id) || group.reaches.get(b.id)) {
          group.reaches.set(a.id);
          group.reaches.or(a.reaches);
        }
      }
    }
  }
}
