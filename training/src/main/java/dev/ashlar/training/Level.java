package dev.ashlar.training;

import dev.ashlar.model.Batch;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.Tensors;
import dev.ashlar.training.Diagram.Edge;
import dev.ashlar.training.Diagram.Node;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The parts of one part, in the order in which they are used, and the ways that values take from one to another.
 * Arithmetic that the part around them does itself is a node where it brings several of them together.
 */
final class Level {

  /** More arithmetic than this is better read in the source: then what comes together does so in one node. */
  private static final int MOST_OPERATIONS = 12;

  private final boolean coarse;
  private final Map<String, Node> nodes = new LinkedHashMap<>();
  private final SequencedSet<Edge> edges = new LinkedHashSet<>();
  /** Who gave a value last. */
  private final Map<Tensor, String> givers = new IdentityHashMap<>();
  private final Map<Tensor, Set<String>> sources = new IdentityHashMap<>();
  private int operations;

  /**
   * A level without parts.
   *
   * @param in what the part around them is given
   * @param drawsEnds whether that is told with names and types, as for a whole model
   * @param coarse whether arithmetic is one node for each value that several parts come together in
   */
  Level(Tensors in, boolean drawsEnds, boolean coarse) {
    this.coarse = coarse;
    in.asMap().forEach((name, value) -> {
      if (!name.equals(Batch.WEIGHT)) {
        String id = "in:" + name;
        nodes.put(id, Node.end(id, name, Diagram.INPUT, drawsEnds ? Summary.type(value) : ""));
        givers.put(value, id);
      }
    });
  }

  /** Adds a part that takes and gives values. */
  void add(Node part, List<Tensor> taken, List<Tensor> given) {
    String id = part.name();
    for (int i = 2; nodes.containsKey(id); i++) {
      id = part.name() + " (" + i + ")";
    }
    for (Tensor value : taken) {
      tie(value, id);
    }
    nodes.put(id, part.called(id, part.name()));
    for (Tensor value : given) {
      givers.put(value, id);
    }
  }

  /** Ends with what the part around them gives. */
  void end(Tensors in, Tensors out) {
    Map<String, Tensor> given = new LinkedHashMap<>(out.asMap());
    Tensor main = out.first();
    given.remove(Batch.WEIGHT);
    given.values().removeIf(value -> value != main && in.values().stream().anyMatch(passed -> passed == value));
    given.forEach((name, value) -> {
      String called = given.size() == 1 ? Programs.OUTPUT : name;
      tie(value, "out:" + called);
      nodes.put("out:" + called, Node.end("out:" + called, called, Diagram.OUTPUT, ""));
    });
    Set<String> tied = new HashSet<>();
    edges.forEach(edge -> tied.add(edge.from()));
    nodes.values().removeIf(node -> node.kind().equals(Diagram.INPUT) && !tied.contains(node.id()));
    collapse();
  }

  List<Node> nodes() {
    return List.copyOf(nodes.values());
  }

  List<Edge> edges() {
    return List.copyOf(edges);
  }

  /** The one part, if it is all that there is. */
  Optional<Node> only() {
    List<Node> parts = nodes.values().stream().filter(node -> !isNoPart(node)).toList();
    return parts.size() == 1 && operations == 0 ? Optional.of(parts.getFirst()) : Optional.empty();
  }

  boolean isOverloaded() {
    return operations > MOST_OPERATIONS && !coarse;
  }

  // ---------------------------------------------------------------- where values come from

  private void tie(Tensor value, String to) {
    String from = resolve(value);
    if (from != null) {
      edges.add(new Edge(from, to));
    }
  }

  /** The node that a value comes from; an operation where several come together; null for what depends on none. */
  private @Nullable String resolve(Tensor value) {
    Set<String> all = sources(value);
    if (all.size() < 2 || isOverloaded()) {
      return all.isEmpty() ? null : all.iterator().next();
    }
    Tensor joint = value;
    List<Tensor> parts = dependent(joint);
    while (parts.size() == 1) {
      joint = parts.getFirst();
      if (givers.containsKey(joint)) {
        return givers.get(joint);
      }
      parts = dependent(joint);
    }
    String id = "operation " + ++operations;
    if (coarse) {
      all.forEach(from -> edges.add(new Edge(from, id)));
    } else {
      parts.forEach(part -> tie(part, id));
    }
    nodes.put(id, Node.end(id, coarse ? "f" : sign(joint.node().op()), Diagram.OPERATION, Summary.type(joint)));
    givers.put(joint, id);
    return id;
  }

  private List<Tensor> dependent(Tensor value) {
    return value.node().inputs().stream().filter(operand -> !sources(operand).isEmpty()).distinct().toList();
  }

  /** The givers that a value depends on. */
  private Set<String> sources(Tensor value) {
    Deque<Tensor> waiting = new ArrayDeque<>(List.of(value));
    while (!waiting.isEmpty()) {
      Tensor next = waiting.peek();
      String giver = givers.get(next);
      if (giver != null || sources.containsKey(next)) {
        sources.put(next, giver == null ? sources.get(next) : Set.of(giver));
        waiting.pop();
        continue;
      }
      Set<String> found = new LinkedHashSet<>();
      boolean ready = true;
      for (Tensor operand : next.node().inputs()) {
        Set<String> known = givers.containsKey(operand) ? Set.of(givers.get(operand)) : sources.get(operand);
        if (known == null) {
          waiting.push(operand);
          ready = false;
        } else {
          found.addAll(known);
        }
      }
      if (ready) {
        sources.put(next, found);
        waiting.pop();
      }
    }
    return sources.get(value);
  }

  /** Which of some values others are made of. */
  static Set<Tensor> reached(List<Tensor> from, Set<Tensor> wanted) {
    Set<Tensor> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Set<Tensor> found = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Tensor> waiting = new ArrayDeque<>(from);
    while (!waiting.isEmpty()) {
      Tensor next = waiting.pop();
      if (wanted.contains(next)) {
        found.add(next);
      } else if (seen.add(next)) {
        next.node().inputs().forEach(waiting::push);
      }
    }
    return found;
  }

  private static String sign(Op op) {
    return switch (op) {
      case Op.Binary binary -> switch (binary.kind()) {
        case ADD -> "+";
        case SUB -> "\u2212";
        case MUL -> "\u00d7";
        case DIV -> "\u00f7";
        default -> op.label();
      };
      case Op.Composite composite -> composite.name();
      default -> op.label();
    };
  }

  // ---------------------------------------------------------------- parts that are alike

  /** Keeps the first of parts that follow each other and are alike, and counts them. */
  private void collapse() {
    Map<String, List<String>> before = new LinkedHashMap<>();
    Map<String, List<String>> after = new LinkedHashMap<>();
    for (Edge edge : edges) {
      after.computeIfAbsent(edge.from(), _ -> new ArrayList<>()).add(edge.to());
      before.computeIfAbsent(edge.to(), _ -> new ArrayList<>()).add(edge.from());
    }
    for (Node first : List.copyOf(nodes.values())) {
      if (!nodes.containsKey(first.id()) || isNoPart(first)) {
        continue;
      }
      List<Node> alike = new ArrayList<>(List.of(first));
      while (true) {
        List<String> next = after.getOrDefault(alike.getLast().id(), List.of());
        Node node = next.size() == 1 ? nodes.get(next.getFirst()) : null;
        if (node == null || isNoPart(node) || before.get(node.id()).size() != 1
            || !node.called("", "").equals(first.called("", ""))) {
          break;
        }
        alike.add(node);
      }
      if (alike.size() >= (first.nodes().isEmpty() ? 3 : 2)) {
        replace(alike, after);
      }
    }
  }

  private static boolean isNoPart(Node node) {
    return node.kind().equals(Diagram.INPUT) || node.kind().equals(Diagram.OUTPUT)
        || node.kind().equals(Diagram.OPERATION);
  }

  private void replace(List<Node> alike, Map<String, List<String>> after) {
    Node first = alike.getFirst();
    String last = alike.getLast().id();
    for (int i = 1; i < alike.size(); i++) {
      String id = alike.get(i).id();
      nodes.remove(id);
      edges.removeIf(edge -> edge.to().equals(id) || edge.from().equals(id));
    }
    after.getOrDefault(last, List.of()).forEach(to -> edges.add(new Edge(first.id(), to)));
    Node kept = first.times(alike.size());
    String names = first.name() + " .. " + alike.getLast().name();
    nodes.replace(first.id(), kept.called(first.id(), names));
  }
}
