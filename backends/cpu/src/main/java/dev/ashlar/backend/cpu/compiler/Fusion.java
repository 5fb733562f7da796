package dev.ashlar.backend.cpu.compiler;

import dev.ashlar.tensor.Graph;
import dev.ashlar.tensor.Node;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Decides which tensors are computed together. Nodes are taken from the last to the first, so that all uses
 * of a tensor are known when it is placed: computed inside the groups that use it, or stored by one of them,
 * or stored by a new group.
 */
final class Fusion {

  /** Most tensors of a group. */
  static final int MAX_TENSORS = 200;
  private static final int MAX_LOADS = 24;
  /**
   * Below so many rows, a reduction over long rows is better done by itself, where all threads can share it.
   */
  private static final int FEW_ROWS = 8;
  private static final int LONG_ROW = 16_384;
  private static final int MAX_COLUMN_REDUCTIONS = 8;

  private final boolean fuse;
  private final Set<Tensor> required;
  private final List<Group> groups = new ArrayList<>();
  private final Map<Tensor, Set<Group>> users = new HashMap<>();
  private final Map<Tensor, Group> producers = new LinkedHashMap<>();
  private final Map<Segments, List<Group>> columns = new HashMap<>();

  private Fusion(Set<Tensor> required, boolean fuse) {
    this.required = required;
    this.fuse = fuse;
  }

  /**
   * Groups, in no particular order.
   *
   * @param graph canonical: no composites
   * @param required tensors that must be stored
   * @param inPlace those of them that should be written over an array which their group reads
   * @param fuse false: every node by itself, for comparison
   */
  static List<Group> of(Graph graph, Set<Tensor> required, Set<Tensor> inPlace, boolean fuse) {
    Fusion fusion = new Fusion(required, fuse);
    graph.nodes().reversed().forEach(fusion::place);
    if (fuse) {
      Merging.in(fusion.groups, required, inPlace);
      Placing.in(fusion.groups, required);
    }
    return fusion.groups;
  }

  private void place(Node node) {
    boolean wanted = node.outputs().stream().anyMatch(t -> users.containsKey(t) || required.contains(t));
    if (!wanted) {
      return;
    }
    switch (node.op()) {
      case Op.Input _, Op.Constant _ -> {}
      case Op.Reduce o -> placeReduction(node.output(0), Segments.of(o.x().shape(), o.axes()), o.x());
      case Op.ArgMax o -> placeReduction(node.output(0), Segments.of(o.x().shape(), List.of(o.axis())),
          o.x());
      default -> {
        if (Costs.isPointwise(node.op()) || Movements.isMovement(node.op())) {
          placeInline(node.output(0));
        } else {
          placeOpaque(node);
        }
      }
    }
  }

  // ---------------------------------------------------------------- element by element

  private void placeInline(Tensor tensor) {
    List<Group> fused = fusedUsers(tensor);
    boolean stored = isStored(tensor);
    boolean free = tensor.node().op() instanceof Op.Literal;
    if (free || !stored && (fuse || Movements.isMovement(tensor.node().op()))
        && (fused.size() == 1 || Costs.isCheaperThanStoring(tensor))) {
      boolean everywhere = true;
      for (Group group : fused) {
        boolean once = group.forms(tensor).size() == 1 || Costs.isCheap(tensor);
        everywhere &= once && !isWasteful(group, tensor) && inline(group, tensor);
      }
      if (everywhere && !stored) {
        return;
      }
    }
    store(tensor, fused);
  }

  private void store(Tensor tensor, List<Group> fused) {
    for (Group group : fused) {
      boolean open = fuse && !group.inlined.contains(tensor) && isAcyclic(group, tensor);
      Form form = open && group.kind == Group.Kind.ROWS ? group.storeForm(tensor) : null;
      if (form != null) {
        var store = new Group.Store(tensor, form);
        group.outputs.add(store);
        if (!isWasteful(group, tensor) && inline(group, tensor)) {
          produce(group, tensor);
          return;
        }
        group.outputs.removeIf(s -> s.tensor() == tensor);
      }
    }
    Group group = newGroup(Group.Kind.ROWS, Space.flat(tensor.shape().size()), null);
    Form all = Form.rowMajor(group.space.extents());
    group.demand(tensor, all);
    group.outputs.add(new Group.Store(tensor, all));
    if (!inline(group, tensor)) {
      throw new IllegalStateException("a tensor cannot be computed by itself: " + tensor);
    }
    produce(group, tensor);
  }

  /**
   * Demands the operands of a tensor that is computed in a group; false, and no change, if that cannot be.
   */
  private boolean inline(Group group, Tensor tensor) {
    // Under another shape the same elements are loaded.
    boolean adds = !(tensor.node().op() instanceof Op.Reshape);
    if (adds && (group.outputs.size() + group.tensors() > MAX_TENSORS || group.loaded().size() > MAX_LOADS)) {
      return group.tensors() == 1 && inlineAt(group, tensor);
    }
    return inlineAt(group, tensor);
  }

  private boolean inlineAt(Group group, Tensor tensor) {
    Op op = tensor.node().op();
    List<Form> positions = new ArrayList<>();
    for (int i = 0; i < group.forms(tensor).size(); i++) {
      Form form = group.forms(tensor).get(i);
      boolean isIota = op instanceof Op.Iota;
      if (!isIota && (!Movements.isMovement(op) || op instanceof Op.Reshape)) {
        positions.add(op instanceof Op.RandomBits ? Form.zero(group.space.rank()) : form);
        continue;
      }
      switch (Movements.parts(op, tensor.shape(), form, group.space)) {
        case Movements.Parts.Axes(var parts) -> positions.add(
            isIota ? form : Movements.operand(op, tensor.shape(), parts, group.space.rank()));
        case Movements.Parts.Split(int axis, int part) -> {
          group.split(axis, part);
          return inlineAt(group, tensor);
        }
        case Movements.Parts.None() -> {
          return false;
        }
      }
    }
    group.inlined.add(tensor);
    for (Form position : positions) {
      op.inputs().forEach(operand -> demand(group, operand, position));
    }
    return true;
  }

  /**
   * Whether something expensive would be computed again and again along an axis that it does not depend on.
   */
  private static boolean isWasteful(Group group, Tensor tensor) {
    if (!Costs.isExpensive(tensor.node().op())) {
      return false;
    }
    int[] loops = IntStream.concat(group.space.outerAxes(), group.space.innerAxes()).toArray();
    for (Form form : group.forms(tensor)) {
      boolean missing = false;
      for (int k : loops) {
        if (group.space.extents()[k] > 1) {
          if (form.dependsOn(k) && missing) {
            return true;
          }
          missing |= !form.dependsOn(k);
        }
      }
    }
    return false;
  }

  // ---------------------------------------------------------------- reductions

  private void placeReduction(Tensor result, Segments segments, Tensor operand) {
    List<Group> fused = fusedUsers(result);
    if (segments.isRows()) {
      for (Group group : fused) {
        boolean alone = fused.size() == 1 && !isStored(result);
        if (fuse && group.kind == Group.Kind.ROWS && (alone || isAcyclic(group, result))
            && host(group, result, segments, operand, !alone)) {
          return;
        }
      }
    } else {
      for (Group group : columns.getOrDefault(segments, List.of())) {
        boolean room = group.outputs.size() < MAX_COLUMN_REDUCTIONS && group.tensors() < MAX_TENSORS / 2;
        boolean shares = group.forms(operand).contains(Form.rowMajor(group.space.extents()));
        if (fuse && room && shares && isAcyclic(group, result) && !isReachedFromUsers(group, result)) {
          reduceIn(group, result, segments, operand);
          return;
        }
      }
    }
    Group group = newGroup(segments.isRows() ? Group.Kind.ROWS : Group.Kind.COLUMNS, segments.space(), null);
    reduceIn(group, result, segments, operand);
    if (!segments.isRows()) {
      columns.computeIfAbsent(segments, s -> new ArrayList<>()).add(group);
    }
  }

  /** Adds a reduction to a group whose space is that of the reduction itself. */
  private void reduceIn(Group group, Tensor result, Segments segments, Tensor operand) {
    long[] factors = new long[group.space.rank()];
    long stride = 1;
    for (int k = factors.length - 1; k >= 0; k--) {
      if (!group.space.inner()[k]) {
        factors[k] = stride;
        stride *= group.space.extents()[k];
      }
    }
    Form kept = new Form(0, factors);
    group.demand(result, kept);
    group.outputs.add(new Group.Store(result, kept));
    group.inlined.add(result);
    reads(group, result, operand, Form.rowMajor(group.space.extents()));
    produce(group, result);
  }

  /** Computes a reduction in a group that uses it, if its rows are the group's rows. */
  private boolean host(Group group, Tensor result, Segments segments, Tensor operand, boolean store) {
    if (group.forms(result).size() != 1 || group.tensors() > MAX_TENSORS) {
      return false;
    }
    List<Form> kept;
    switch (Movements.axes(group.forms(result).getFirst(), segments.kept(), group.space)) {
      case Movements.Parts.Axes(var forms) -> kept = forms;
      case Movements.Parts.Split(int axis, int part) -> {
        group.split(axis, part);
        return host(group, result, segments, operand, store);
      }
      case Movements.Parts.None() -> {
        return false;
      }
    }
    Form form = group.forms(result).getFirst();
    int[] gone = segments.gone().dims();
    boolean[] inner = new boolean[group.space.rank()];
    List<Integer> innerExtents = new ArrayList<>();
    long outer = 1;
    for (int k = 0; k < inner.length; k++) {
      if (group.space.extents()[k] != 1) {
        inner[k] = !form.dependsOn(k);
        outer *= inner[k] ? 1 : group.space.extents()[k];
        if (inner[k]) {
          innerExtents.add(group.space.extents()[k]);
        }
      }
    }
    boolean append = innerExtents.isEmpty() && !group.space.isReduced();
    long rowLength = segments.gone().size();
    boolean rowsAreThere = append || innerExtents.equals(java.util.Arrays.stream(gone).boxed().toList())
        && (!group.space.isReduced() || java.util.Arrays.equals(inner, group.space.inner()));
    if (!rowsAreThere || outer != segments.kept().size() || rowLength == 0
        || isForFewThreads(outer, rowLength) || store && group.storeForm(result) == null) {
      return false;
    }
    if (append) {
      group.append(gone);
      kept = ((Movements.Parts.Axes)
          Movements.axes(group.forms(result).getFirst(), segments.kept(), group.space)).forms();
    } else {
      group.space = group.space.withInner(inner);
    }
    List<Form> along = new ArrayList<>();
    group.space.innerAxes().forEach(k -> {
      long[] factors = new long[group.space.rank()];
      factors[k] = 1;
      along.add(new Form(0, factors));
    });
    group.inlined.add(result);
    reads(group, result, operand, segments.operand(kept, along, group.space.rank()));
    if (store) {
      group.outputs.add(new Group.Store(result, java.util.Objects.requireNonNull(group.storeForm(result))));
      produce(group, result);
    }
    return true;
  }

  static boolean isForFewThreads(long rows, long rowLength) {
    return rows < FEW_ROWS && rowLength * rows >= LONG_ROW;
  }

  private void reads(Group group, Tensor result, Tensor operand, Form position) {
    group.reductions.put(result, position);
    demand(group, operand, position);
  }

  // ---------------------------------------------------------------- operations with kernels of their own

  private void placeOpaque(Node node) {
    Group group = newGroup(Group.Kind.OPAQUE, Space.flat(1), node);
    boolean strided = switch (node.op()) {
      case Op.MatMul _, Op.Concat _, Op.Pad _ -> fuse;
      default -> fuse && ProductSum.is(node.op());
    };
    boolean widens = fuse && (node.op() instanceof Op.MatMul || ProductSum.is(node.op()));
    boolean replacesFirst = node.op() instanceof Op.ScatterAdd || node.op() instanceof Op.DynamicUpdate;
    for (int i = 0; i < node.inputs().size(); i++) {
      Group.View view = Group.View.of(node.inputs().get(i), strided, node.op() instanceof Op.Concat, widens);
      group.views.add(view);
      boolean isFilled = i == 0 && replacesFirst && !Double.isNaN(node.inputs().getFirst()
          .literalOr(Double.NaN));
      if (!isFilled) {
        users.computeIfAbsent(view.base(), t -> new LinkedHashSet<>()).add(group);
      }
    }
    node.outputs().forEach(output -> produce(group, output));
  }

  // ---------------------------------------------------------------- bookkeeping

  private Group newGroup(Group.Kind kind, Space space, @Nullable Node opaque) {
    Group group = new Group(groups.size(), kind, space, opaque);
    groups.add(group);
    return group;
  }

  private void demand(Group group, Tensor tensor, Form form) {
    group.demand(tensor, form);
    users.computeIfAbsent(tensor, t -> new LinkedHashSet<>()).add(group);
  }

  private void produce(Group group, Tensor tensor) {
    producers.put(tensor, group);
    for (Group user : users.getOrDefault(tensor, Set.of())) {
      if (user != group && !user.inlined.contains(tensor)) {
        connect(group, user, groups);
      }
    }
  }

  /** Notes that one group comes before another. */
  static void connect(Group from, Group to, List<Group> groups) {
    if (from.reaches.get(to.id)) {
      return;
    }
    from.reaches.set(to.id);
    from.reaches.or(to.reaches);
    to.isReached = true;
    if (from.isReached) {
      for (Group group : groups) {
        if (group.reaches.get(from.id)) {
          group.reaches.or(from.reaches);
        }
      }
    }
  }

  private List<Group> fusedUsers(Tensor tensor) {
    return users.getOrDefault(tensor, Set.of()).stream().filter(Group::isFused).toList();
  }

  private boolean isStored(Tensor tensor) {
    return required.contains(tensor)
        || users.getOrDefault(tensor, Set.of()).stream().anyMatch(g -> !g.isFused());
  }

  /** Whether a group may produce a tensor: none of its users comes before the group. */
  private boolean isAcyclic(Group group, Tensor tensor) {
    return users.getOrDefault(tensor, Set.of()).stream().noneMatch(user -> user.reaches.get(group.id));
  }

  /** Whether a user of the tensor is the group itself. */
  private boolean isReachedFromUsers(Group group, Tensor tensor) {
    return users.getOrDefault(tensor, Set.of()).contains(group);
  }
}
