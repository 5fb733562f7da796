package dev.ashlar.backend.cpu.compiler;

import dev.ashlar.tensor.Graph;
import dev.ashlar.tensor.Node;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Scans that do no more than is needed: the forward scan and the one that its gradient asked for, with more outputs,
 * become one; what nobody reads is not computed.
 */
final class Scans {

  /** Scans with one key have the same steps, as far as both go. */
  private record Key(int length, boolean reverse, List<Tensor> operands, List<Tensor> inputs, List<Tensor> state) {

    static Key of(Op.Scan o) {
      return new Key(o.length(), o.reverse(), o.operands(), o.body().inputs(),
          o.body().outputs().subList(0, o.carries()));
    }
  }

  private Scans() {}

  /** The same outputs. */
  static Graph tidy(Graph graph) {
    if (graph.nodes().stream().noneMatch(node -> node.op() instanceof Op.Scan)) {
      return graph;
    }
    Graph tidy = merged(graph);
    while (true) {
      Graph next = pruned(tidy);
      if (next == tidy) {
        return tidy;
      }
      tidy = next;
    }
  }

  // ---------------------------------------------------------------- two that are one

  private static Graph merged(Graph graph) {
    Map<Key, Set<Tensor>> outputs = new HashMap<>();
    Map<Node, Key> keys = new HashMap<>();
    for (Node node : graph.nodes()) {
      if (node.op() instanceof Op.Scan o) {
        Key key = Key.of(o);
        keys.put(node, key);
        outputs.computeIfAbsent(key, k -> new LinkedHashSet<>())
            .addAll(o.body().outputs().subList(o.carries(), o.body().outputs().size()));
      }
    }
    Map<Key, Node> made = new HashMap<>();
    return graph.rewrite((node, op) -> {
      if (!(op instanceof Op.Scan o)) {
        return null;
      }
      List<Tensor> all = List.copyOf(outputs.get(keys.get(node)));
      Node one = made.computeIfAbsent(keys.get(node), key -> {
        List<Tensor> results = new ArrayList<>(key.state());
        results.addAll(all);
        return Node.of(new Op.Scan(o.length(), o.reverse(), o.carries(), o.sequences(), o.operands(),
            new Graph(o.body().inputs(), results)), node.origin());
      });
      return IntStream.range(0, o.body().outputs().size())
          .mapToObj(i -> one.output(i < o.carries() ? i : o.carries() + all.indexOf(o.body().outputs().get(i))))
          .toList();
    });
  }

  // ---------------------------------------------------------------- what nobody reads

  private static Graph pruned(Graph graph) {
    Set<Tensor> used = new HashSet<>(graph.outputs());
    graph.nodes().forEach(node -> used.addAll(node.inputs()));
    Map<Node, Op.Scan> smaller = new HashMap<>();
    Map<Node, List<Integer>> places = new HashMap<>();
    for (Node node : graph.nodes()) {
      if (node.op() instanceof Op.Scan o) {
        Set<Tensor> needed = needed(o, node, used);
        List<Integer> in = kept(o.body().inputs(), needed);
        List<Integer> out = IntStream.range(0, o.body().outputs().size())
            .filter(i -> i < o.carries() ? in.contains(i) : used.contains(node.output(i))).boxed().toList();
        if (in.size() < o.body().inputs().size() || out.size() < o.body().outputs().size()) {
          smaller.put(node, smaller(o, in, out));
          places.put(node, out);
        }
      }
    }
    if (smaller.isEmpty()) {
      return graph;
    }
    return graph.rewrite((node, op) -> {
      Op.Scan scan = smaller.get(node);
      if (scan == null) {
        return null;
      }
      List<Tensor> operands = new ArrayList<>();
      for (Tensor operand : scan.operands()) {
        operands.add(op.inputs().get(node.inputs().indexOf(operand)));
      }
      Node less = Node.of(scan.withInputs(operands), node.origin());
      return node.outputs().stream().map(output -> {
        int place = places.get(node).indexOf(output.output());
        return place < 0 ? Tensor.zeros(output.type()) : less.output(place); // of the first kind nobody reads any
      }).toList();
    });
  }

  /** Inputs of a body that something depends on which is read, one step later or many. */
  private static Set<Tensor> needed(Op.Scan o, Node node, Set<Tensor> used) {
    List<Tensor> results = new ArrayList<>();
    Set<Integer> state = new HashSet<>();
    for (int i = 0; i < node.outputs().size(); i++) {
      if (used.contains(node.output(i))) {
        results.add(o.body().outputs().get(i));
        state.add(i);
      }
    }
    while (true) {
      Set<Tensor> needed = new HashSet<>();
      Graph.of(results).nodes().forEach(inner -> needed.add(inner.output(0)));
      state.stream().filter(i -> i < o.carries()).forEach(i -> needed.add(o.body().inputs().get(i)));
      int before = results.size();
      for (int i = 0; i < o.carries(); i++) {
        if (needed.contains(o.body().inputs().get(i)) && state.add(i)) {
          results.add(o.body().outputs().get(i));
        }
      }
      if (results.size() == before) {
        return needed;
      }
    }
  }

  private static List<Integer> kept(List<Tensor> inputs, Set<Tensor> needed) {
    return IntStream.range(0, inputs.size()).filter(i -> needed.contains(inputs.get(i))).boxed().toList();
  }

  private static Op.Scan smaller(Op.Scan o, List<Integer> in, List<Integer> out) {
    int carries = (int) in.stream().filter(i -> i < o.carries()).count();
    int sequences = (int) in.stream().filter(i -> i < o.carries() + o.sequences()).count() - carries;
    return new Op.Scan(o.length(), o.reverse(), carries, sequences, pick(o.operands(), in),
        new Graph(pick(o.body().inputs(), in), pick(o.body().outputs(), out)));
  }

  private static List<Tensor> pick(List<Tensor> tensors, List<Integer> places) {
    return places.stream().map(tensors::get).toList();
  }

  /** The body by itself: its inputs are arguments, so that it can be compiled like any program. */
  static List<Tensor> inputs(Op.Scan o) {
    return IntStream.range(0, o.body().inputs().size())
        .mapToObj(i -> Tensor.apply(new Op.Input(Op.Role.ARGUMENT, input(i), o.body().inputs().get(i).type())))
        .toList();
  }

  /** Name of the argument that an input of a body becomes. */
  static String input(int number) {
    return "in" + number;
  }

  /** Name of the result that an output of a body becomes. */
  static String output(int number) {
    return "out" + number;
  }

  /** The output of a step that is a value as well, beside the state, or null. */
  static @Nullable Integer find(Op.Scan o, Tensor value) {
    for (int i = o.carries(); i < o.body().outputs().size(); i++) {
      if (o.body().outputs().get(i) == value) {
        return i;
      }
    }
    return null;
  }
}
