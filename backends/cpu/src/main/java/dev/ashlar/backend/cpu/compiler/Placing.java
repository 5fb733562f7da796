package dev.ashlar.backend.cpu.compiler;

import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lets groups write their elements where the only group that reads them would move them: products write
 * attention's heads side by side, sums write what is only called by another shape.
 */
final class Placing {

  private final List<Group> groups;
  private final Set<Tensor> required;
  private final Map<Tensor, List<Group>> readers = new HashMap<>();
  private final Set<Group> gone = new HashSet<>();

  private Placing(List<Group> groups, Set<Tensor> required) {
    this.groups = groups;
    this.required = required;
  }

  /**
   * Takes groups away that only move what another makes.
   *
   * @param groups changed
   * @param required tensors that must be stored
   */
  static void in(List<Group> groups, Set<Tensor> required) {
    new Placing(groups, required).place();
  }

  private void place() {
    for (Group group : groups) {
      group.loaded().forEach(tensor -> readers.computeIfAbsent(tensor, t -> new ArrayList<>()).add(group));
    }
    for (Group group : groups) {
      if (gone.contains(group)) {
        continue;
      }
      if (group.opaque == null) {
        group.outputs.replaceAll(store -> reshaped(group, store));
      } else if (group.opaque.op() instanceof Op.MatMul o && o.a().dtype() == DType.F32 && o.a().dim(-1) > 0) {
        Group mover = mover(group.opaque.output(0));
        Group.Store target = mover == null ? null : target(group.opaque.output(0), mover);
        if (target != null) {
          group.target = target;
          gone.add(mover);
        }
      }
    }
    groups.removeAll(gone);
  }

  /** The only group that reads a tensor, if it does nothing but move its elements; else null. */
  private @Nullable Group mover(Tensor tensor) {
    List<Group> users = readers.getOrDefault(tensor, List.of());
    if (required.contains(tensor) || users.size() != 1) {
      return null;
    }
    Group user = users.getFirst();
    boolean onlyMoves = user.kind == Group.Kind.ROWS && !user.space.isReduced() && user.outputs.size() == 1
        && user.forms(tensor).size() == 1
        && user.inlined.stream().allMatch(t -> Movements.isMovement(t.node().op()));
    return onlyMoves ? user : null;
  }

  /** A store of what its only reader would call by another shape, under that name. */
  private Group.Store reshaped(Group group, Group.Store store) {
    Group mover = mover(store.tensor());
    boolean onlyReshapes = mover != null
        && mover.inlined.stream().allMatch(t -> t.node().op() instanceof Op.Reshape)
        && mover.outputs.getFirst().form().equals(mover.forms(store.tensor()).getFirst());
    if (!onlyReshapes) {
      return store;
    }
    gone.add(mover);
    mover.inlined.forEach(tensor -> group.demand(tensor, store.form()));
    group.inlined.addAll(mover.inlined);
    return new Group.Store(mover.outputs.getFirst().tensor(), store.form());
  }

  /** Where a group stores the elements of a tensor, if rows stay contiguous; else null. */
  private static Group.@Nullable Store target(Tensor tensor, Group mover) {
    Group.Store store = mover.outputs.getFirst();
    Form form = form(tensor.shape(), mover.space, mover.forms(tensor).getFirst(), store.form());
    boolean isContiguous = form != null && (tensor.dim(-1) == 1 || form.factors()[tensor.rank() - 1] == 1);
    return isContiguous ? new Group.Store(store.tensor(), form) : null;
  }

  /** The place of a store by the axes of the tensor, whose elements a space reads once each; null if there is none. */
  private static @Nullable Form form(Shape shape, Space space, Form load, Form store) {
    List<Integer> axes = new ArrayList<>();
    for (int k = 0; k < space.rank(); k++) {
      if (space.extents()[k] != 1) {
        axes.add(k);
      }
    }
    axes.sort(Comparator.comparingLong(k -> load.factors()[k]));
    Iterator<Integer> next = axes.iterator();
    long[] factors = new long[shape.rank()];
    long stride = 1;
    for (int j = shape.rank() - 1; j >= 0; j--) {
      int extent = 1;
      while (extent < shape.dim(j)) {
        int k = next.hasNext() ? next.next() : -1;
        if (k < 0 || load.factors()[k] != stride || extent > 1 && store.factors()[k] != factors[j] * extent) {
          return null;
        }
        factors[j] = extent == 1 ? store.factors()[k] : factors[j];
        extent *= space.extents()[k];
        stride *= space.extents()[k];
      }
      if (extent != shape.dim(j)) {
        return null;
      }
    }
    return load.offset() == 0 && !next.hasNext() ? new Form(store.offset(), factors) : null;
  }
}
