package dev.ashlar.autodiff;

import dev.ashlar.autodiff.Vmap.Value;
import dev.ashlar.tensor.Graph;
import dev.ashlar.tensor.Node;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Scan;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The gradient of a scan: a scan the other way round, over what the steps computed. For that the forward scan is made
 * once more with more outputs, the values that the gradient of a step needs; a backend runs the two as one.
 *
 * <p>The gradient of a constant is the sum of what the steps give. Where that is a product, as of a weight, the steps
 * keep its operands, and one product of all of them is made behind the loop; so the loop adds up nothing.
 */
final class ScanGradient {

  private final Op.Scan scan;
  private final List<Tensor> inputs;
  /** What the body of the forward scan computes. */
  private final Set<Node> forward = new HashSet<>();
  /** What differs from step to step. */
  private final Set<Node> varying = new HashSet<>();
  /** What depends on gradients of later steps. */
  private final Set<Node> backward = new HashSet<>();

  /** Values of forward steps that are kept, in the order of the forward scan's added outputs. */
  private final List<Tensor> kept = new ArrayList<>();
  /** Outputs of backward steps. */
  private final List<Tensor> emitted = new ArrayList<>();
  /** What the backward loop adds up. */
  private final List<Tensor> sums = new ArrayList<>();
  private final Map<Tensor, Tensor> constants = new HashMap<>();

  private List<Tensor> forwardOutputs = List.of();
  private Scan reverse = new Scan(List.of(), List.of());
  private int carried;

  /** Something that is known once both scans are made. */
  private interface Later {
    Tensor get();
  }

  private ScanGradient(Op.Scan scan) {
    this.scan = scan;
    inputs = scan.body().inputs();
    forward.addAll(scan.body().nodes());
    for (int i = varyingInputs(); i < inputs.size(); i++) {
      constants.put(inputs.get(i), scan.operands().get(i));
    }
  }

  private int varyingInputs() {
    return scan.carries() + scan.sequences();
  }

  static List<@Nullable Tensor> of(Op.Scan scan, List<@Nullable Tensor> outputGradients) {
    return new ScanGradient(scan).gradients(outputGradients);
  }

  private List<@Nullable Tensor> gradients(List<@Nullable Tensor> outer) {
    List<Tensor> results = new ArrayList<>();
    List<Tensor> cotangents = new ArrayList<>();
    List<Tensor> initial = new ArrayList<>();
    List<Tensor> sequences = new ArrayList<>();
    List<Tensor> next = new ArrayList<>();
    for (int i = 0; i < scan.body().outputs().size(); i++) {
      Tensor result = scan.body().outputs().get(i);
      Tensor gradient = outer.get(i);
      boolean isState = i < scan.carries();
      if (result.dtype().isFloating() && (isState || gradient != null)) {
        results.add(result);
        cotangents.add(Subgraphs.parameter("gradient" + i, result.type()));
        Tensor zero = Tensor.zeros(result.type());
        (isState ? initial : sequences).add(gradient == null ? zero : gradient);
      }
    }
    carried = initial.size();
    List<Tensor> wrt = inputs.stream().filter(input -> input.dtype().isFloating()).toList();
    List<Tensor> steps = Gradients.vjp(results, cotangents, wrt);
    classify(steps, cotangents);
    Map<Tensor, Tensor> byInput = new HashMap<>();
    IntStream.range(0, wrt.size()).forEach(i -> byInput.put(wrt.get(i), steps.get(i)));
    inputs.subList(0, scan.carries()).stream().filter(byInput::containsKey).map(byInput::get).forEach(next::add);

    List<@Nullable Later> gradients = new ArrayList<>(Collections.nCopies(scan.carries(), null));
    for (int i = scan.carries(); i < inputs.size(); i++) {
      Tensor step = byInput.get(inputs.get(i));
      boolean isNothing = step == null || step.literalOr(1) == 0;
      gradients.add(isNothing ? null : i < varyingInputs() ? stack(step) : sum(step));
    }
    run(cotangents, initial, sequences, next);
    int state = 0;
    List<@Nullable Tensor> all = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      boolean isState = i < scan.carries() && inputs.get(i).dtype().isFloating();
      Later later = gradients.get(i);
      all.add(isState ? reverse.state().get(state++) : later == null ? null : later.get());
    }
    return all;
  }

  private void classify(List<Tensor> steps, List<Tensor> cotangents) {
    cotangents.forEach(t -> backward.add(t.node()));
    inputs.subList(0, varyingInputs()).forEach(t -> varying.add(t.node()));
    List<Tensor> all = new ArrayList<>(steps);
    all.addAll(scan.body().outputs());
    for (Node node : Graph.of(all).nodes()) {
      if (node.inputs().stream().anyMatch(t -> backward.contains(t.node()))) {
        backward.add(node);
      }
      if (node.inputs().stream().anyMatch(t -> varying.contains(t.node()))) {
        varying.add(node);
      }
    }
    varying.addAll(backward);
  }

  // ---------------------------------------------------------------- the two scans

  private void run(List<Tensor> cotangents, List<Tensor> initial, List<Tensor> sequences, List<Tensor> next) {
    List<Tensor> results = new ArrayList<>(next);
    List<Tensor> state = new ArrayList<>(initial);
    List<Tensor> parameters = new ArrayList<>(cotangents);
    for (Tensor sum : sums) {
      Tensor before = Subgraphs.parameter("sum" + results.size(), sum.type());
      results.add(before.add(sum));
      state.add(Tensor.zeros(sum.type()));
      parameters.add(state.size() - 1, before);
    }
    results.addAll(emitted);
    Map<Tensor, Tensor> entries = new LinkedHashMap<>();
    Set<Tensor> seen = new HashSet<>();
    Stream.of(next, sums, emitted).flatMap(List::stream).forEach(result -> entries(result, entries, seen));
    keep();
    Map<Tensor, Tensor> values = new HashMap<>(constants);
    values.putAll(entries);
    List<Tensor> operands = new ArrayList<>(state);
    operands.addAll(sequences);
    entries.forEach((value, entry) -> {
      operands.add(stacked(value));
      parameters.add(entry);
    });
    reverse = Scan.closed(scan.length(), !scan.reverse(), operands, parameters, Graph.of(results).substitute(values),
        state.size());
  }

  /** Finds the values of the forward step that a backward step reads, each with the parameter that stands for it. */
  private void entries(Tensor tensor, Map<Tensor, Tensor> entries, Set<Tensor> seen) {
    List<Tensor> open = new ArrayList<>(List.of(tensor));
    while (!open.isEmpty()) {
      Tensor t = open.removeLast();
      if (!varying.contains(t.node()) || !seen.add(t)) {
        continue;
      }
      if (isKept(t)) {
        keep(t);
        entries.put(t, Subgraphs.parameter("kept" + entries.size(), t.type()));
      } else {
        open.addAll(t.node().inputs());
      }
    }
  }

  /** Whether a value of the forward step is kept, in place of being made again from others. */
  private boolean isKept(Tensor t) {
    return forward.contains(t.node()) && varying.contains(t.node()) && switch (t.node().op()) {
      case Op.Reshape _, Op.Permute _, Op.Broadcast _, Op.Slice _, Op.Flip _, Op.Detach _, Op.Cast _ -> false;
      default -> true;
    };
  }

  /** Notes that a value of the forward step is kept, if it is not at hand. */
  private void keep(Tensor t) {
    boolean isAtHand = inputs.subList(scan.carries(), varyingInputs()).contains(t) || outputs().contains(t);
    if (!isAtHand && !kept.contains(t)) {
      kept.add(t);
    }
  }

  private List<Tensor> outputs() {
    return scan.body().outputs().subList(scan.carries(), scan.body().outputs().size());
  }

  /** Makes the forward scan that keeps more. */
  private void keep() {
    List<Tensor> results = new ArrayList<>(scan.body().outputs());
    results.addAll(kept);
    forwardOutputs = Node.of(new Op.Scan(scan.length(), scan.reverse(), scan.carries(), scan.sequences(),
        scan.operands(), new Graph(inputs, results))).outputs();
  }

  /** A kept value for all steps. */
  private Tensor stacked(Tensor t) {
    int input = inputs.indexOf(t);
    if (input >= scan.carries() && input < varyingInputs()) {
      return scan.operands().get(input);
    }
    int output = outputs().indexOf(t);
    int place = output >= 0 ? output : outputs().size() + kept.indexOf(t);
    return forwardOutputs.get(scan.carries() + place);
  }

  // ---------------------------------------------------------------- what becomes of a step's gradients

  /** A value of a step, forward or backward, for all steps, in front an axis for them. */
  private Later stack(Tensor t) {
    if (!varying.contains(t.node())) {
      Tensor same = constant(t);
      return () -> same.broadcastTo(same.shape().insert(0, scan.length()));
    }
    if (isKept(t)) {
      keep(t);
      return () -> stacked(t);
    }
    if (forward.contains(t.node())) { // a movement of something that is kept
      List<Later> operands = t.node().inputs().stream().map(this::stack).toList();
      return () -> new BatchingRules(
          scan.length(), operands.stream().map(operand -> new Value(operand.get(), true)).toList())
          .apply(t.node().op()).get(t.output());
    }
    if (!emitted.contains(t)) {
      emitted.add(t);
    }
    return () -> reverse.outputs().get(emitted.indexOf(t));
  }

  /** The sum of a value over all steps. */
  private Later sum(Tensor t) {
    return switch (t.node().op()) {
      case Op.Binary o when o.kind() == Op.BinaryKind.ADD -> {
        Later a = sum(o.a());
        Later b = sum(o.b());
        yield () -> a.get().add(b.get());
      }
      case Op.Reshape o -> moved(o, o.x());
      case Op.Permute o -> moved(o, o.x());
      case Op.Slice o -> moved(o, o.x());
      case Op.Pad o when o.value() == 0 -> moved(o, o.x());
      case Op.Reduce o when o.kind() == Op.ReduceKind.SUM && varying.contains(o.x().node()) -> {
        Later all = stack(o.x());
        int[] axes = IntStream.concat(IntStream.of(0), o.axes().stream().mapToInt(axis -> axis + 1)).toArray();
        yield () -> all.get().sum(axes).reshape(t.shape());
      }
      case Op.MatMul o when varying.contains(o.a().node()) && varying.contains(o.b().node()) -> product(o);
      default -> added(t);
    };
  }

  private Later moved(Op op, Tensor x) {
    Later sum = sum(x);
    return () -> Tensor.apply(op.withInputs(List.of(sum.get())));
  }

  /** Added up by the loop. */
  private Later added(Tensor t) {
    sums.add(t);
    int place = sums.size() - 1;
    return () -> reverse.state().get(carried + place);
  }

  /** The sum of a product: one product of all rows of all steps. */
  private Later product(Op.MatMul o) {
    boolean isTurned = o.a().node().op() instanceof Op.Permute p && isTransposition(p.order());
    Later a = stack(isTurned ? ((Op.Permute) o.a().node().op()).x() : o.a());
    Later b = stack(o.b());
    return () -> {
      Tensor left = isTurned ? a.get() : a.get().transpose(); // [T, B.., k, m]
      return rows(left).transpose().matmul(rows(b.get()));
    };
  }

  private static boolean isTransposition(List<Integer> order) {
    int rank = order.size();
    return IntStream.range(0, rank).allMatch(i -> order.get(i) == (i < rank - 2 ? i : 2 * rank - 3 - i));
  }

  /** Rows of all steps below each other: [T, B.., k, n] to [B.., T k, n]. */
  private static Tensor rows(Tensor x) {
    int rank = x.rank();
    int[] order = IntStream.range(0, rank).map(i -> i < rank - 3 ? i + 1 : i == rank - 3 ? 0 : i).toArray();
    Shape shape = x.shape().remove(0);
    return x.permute(order).reshape(shape.with(-2, x.dim(0) * x.dim(-2)));
  }

  private Tensor constant(Tensor t) {
    return Graph.of(List.of(t)).substitute(constants).getFirst();
  }
}
