package dev.ashlar.backend.cpu.compiler;

import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Node;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Tensor;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Nodes that become one kernel, while {@link Fusion} collects them. A tensor of the group is evaluated at one
 * or more {@linkplain Form forms} over the group's space: either computed there ({@link #inlined}) or loaded.
 */
final class Group {

  /** A tensor that is written to its buffer, and where its elements lie in the space. */
  record Store(Tensor tensor, Form form) {}

  /**
   * An operand of an opaque operation: where its elements lie in a buffer.
   *
   * @param base may be of a narrower type, whose elements are widened when they are loaded
   * @param form by the axes
   * @param axes the operand's own, or parts of them
   * @param own position of an element in the operand itself, by the axes
   */
  record View(Tensor base, Form form, Space axes, Form own) {

    /**
     * Follows movement operations down as far as they are strides; only reshapes if it must be dense.
     *
     * @param mayLoop whether axes may be split in two, because the operand is read by loops over elements
     * @param mayWiden whether elements may be of a narrower type
     */
    static View of(Tensor operand, boolean strided, boolean mayLoop, boolean mayWiden) {
      Space axes = new Space(operand.shape().dims(), new boolean[operand.rank()], false);
      Form own = Form.rowMajor(axes.extents());
      Form form = own;
      Tensor base = operand;
      while (Movements.isMovement(base.node().op()) || mayWiden && isWidening(base.node().op())) {
        Op op = base.node().op();
        if (!(op instanceof Op.Reshape || op instanceof Op.Cast)) {
          Movements.Parts found = strided ? Movements.parts(op, base.shape(), form, axes) : new Movements.Parts.None();
          if (mayLoop && found instanceof Movements.Parts.Split(int axis, int part)) {
            axes = axes.split(axis, part);
            form = form.split(axis, part);
            own = own.split(axis, part);
            continue;
          }
          if (!(found instanceof Movements.Parts.Axes(var parts))) {
            break;
          }
          form = Movements.operand(op, base.shape(), parts, axes.rank());
        }
        base = op.inputs().getFirst();
      }
      return new View(base, form, axes, own);
    }

    /** Whether an operation gives half-wide floats as f32, which is exact. */
    static boolean isWidening(Op op) {
      return op instanceof Op.Cast o && o.dtype() == DType.F32
          && (o.x().dtype() == DType.BF16 || o.x().dtype() == DType.F16);
    }
  }

  /** How the work is done. */
  enum Kind {
    /** Each element, or each row with its reductions, by itself. */
    ROWS,
    /** Rows are added up into columns. */
    COLUMNS,
    /** One operation with a kernel of its own. */
    OPAQUE
  }

  final int id;
  final Kind kind;
  final @Nullable Node opaque;
  Space space;
  final List<Store> outputs = new ArrayList<>();
  final List<View> views = new ArrayList<>();
  /** What an opaque group writes in place of the output of its operation, by that output's axes; null: the output. */
  @Nullable Store target;
  final Set<Tensor> inlined = new HashSet<>();
  final BitSet reaches = new BitSet();
  /** Whether any group reaches this one. */
  boolean isReached;
  /** Where the operand of each reduction is read. */
  final Map<Tensor, Form> reductions = new HashMap<>();
  private final Map<Tensor, List<Form>> forms = new LinkedHashMap<>();

  Group(int id, Kind kind, Space space, @Nullable Node opaque) {
    this.id = id;
    this.kind = kind;
    this.space = space;
    this.opaque = opaque;
  }

  boolean isFused() {
    return kind != Kind.OPAQUE;
  }

  /** The forms at which a tensor is needed, each once. */
  List<Form> forms(Tensor tensor) {
    return forms.getOrDefault(tensor, List.of());
  }

  void demand(Tensor tensor, Form form) {
    List<Form> known = forms.computeIfAbsent(tensor, t -> new ArrayList<>(1));
    if (!known.contains(form)) {
      known.add(form);
    }
  }

  /** How many tensors take part. */
  int tensors() {
    return forms.size();
  }

  /** The tensors that are read from buffers. */
  List<Tensor> loaded() {
    if (kind == Kind.OPAQUE) {
      return views.stream().map(View::base).distinct().toList();
    }
    List<Tensor> loaded = new ArrayList<>();
    for (Tensor tensor : forms.keySet()) {
      if (!inlined.contains(tensor)) {
        loaded.add(tensor);
      }
    }
    return loaded;
  }

  /** Those of them whose elements are wanted: what is only awaited is not. */
  List<Tensor> read() {
    return opaque != null && Canonical.isBarrier(opaque.op())
        ? views.stream().limit(opaque.outputs().size()).map(View::base).distinct().toList() : loaded();
  }

  /** The tensors that are written. */
  List<Tensor> produced() {
    if (target != null) {
      return List.of(target.tensor());
    }
    return opaque != null ? opaque.outputs() : outputs.stream().map(Store::tensor).toList();
  }

  boolean produces(Tensor tensor) {
    return produced().contains(tensor);
  }

  /**
   * Whether a result may be written over what {@code old} says: it is read at the place that is written,
   * before, or not at all.
   */
  boolean mayReplace(Tensor result, Predicate<Tensor> old) {
    if (opaque != null) {
      boolean replaces = opaque.op() instanceof Op.ScatterAdd || opaque.op() instanceof Op.DynamicUpdate;
      return replaces
          && views.stream().skip(1).noneMatch(view -> old.test(view.base()))
              && isDense(views.getFirst(), result)
          || views.stream().noneMatch(view -> old.test(view.base()));
    }
    boolean isRead = loaded().stream().anyMatch(old);
    if (!isRead) {
      return true;
    }
    Form written = outputs.stream().filter(s -> s.tensor() == result).findFirst().orElseThrow().form();
    return kind == Kind.ROWS && !space.isReduced()
        && loaded().stream().filter(old).allMatch(t -> forms(t).equals(List.of(written)));
  }

  private static boolean isDense(View view, Tensor result) {
    return view.form().equals(Form.rowMajor(result.shape().dims()));
  }

  /** Takes over all that another group of the same kind and space computes. */
  void absorb(Group other) {
    other.forms.forEach((tensor, places) -> places.forEach(form -> demand(tensor, form)));
    inlined.addAll(other.inlined);
    reductions.putAll(other.reductions);
    outputs.addAll(other.outputs);
  }

  void split(int axis, int part) {
    space = space.split(axis, part);
    rewrite(form -> form.split(axis, part));
  }

  /** Adds axes that are reduced; everything so far is the same along them. */
  void append(int[] extents) {
    int rank = space.rank();
    int[] all = java.util.Arrays.copyOf(space.extents(), rank + extents.length);
    boolean[] inner = java.util.Arrays.copyOf(space.inner(), all.length);
    for (int i = 0; i < extents.length; i++) {
      all[rank + i] = extents[i];
      inner[rank + i] = true;
    }
    space = new Space(all, inner, space.columns());
    rewrite(form -> new Form(form.offset(), java.util.Arrays.copyOf(form.factors(), all.length)));
  }

  private void rewrite(java.util.function.UnaryOperator<Form> change) {
    forms.values().forEach(places -> places.replaceAll(change));
    reductions.replaceAll((tensor, form) -> change.apply(form));
    outputs.replaceAll(store -> new Store(store.tensor(), change.apply(store.form())));
  }

  /**
   * The form, among those at which a tensor is needed here, that visits each of its elements exactly once:
   * over all axes, or over all but the reduced ones. Null if there is none.
   */
  @Nullable Form storeForm(Tensor tensor) {
    for (Form form : forms(tensor)) {
      if (coversOnce(form, tensor.shape().size())) {
        return form;
      }
    }
    return null;
  }

  private boolean coversOnce(Form form, long size) {
    boolean usesInner = space.innerAxes().anyMatch(form::dependsOn);
    List<Integer> axes = new ArrayList<>();
    for (int k = 0; k < space.rank(); k++) {
      if (space.extents()[k] != 1 && (!space.inner()[k] || usesInner)) {
        axes.add(k);
      }
    }
    axes.sort(java.util.Comparator.comparingLong(k -> form.factors()[k]));
    long next = 1;
    for (int k : axes) {
      if (form.factors()[k] != next) {
        return false;
      }
      next *= space.extents()[k];
    }
    return form.offset() == 0 && next == size;
  }

  @Override
  public String toString() {
    return "group " + id + " " + kind + " " + java.util.Arrays.toString(space.extents());
  }
}
