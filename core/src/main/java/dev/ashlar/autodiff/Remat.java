package dev.ashlar.autodiff;

import dev.ashlar.api.Experimental;
import dev.ashlar.tensor.Functions;
import dev.ashlar.tensor.Graph;
import dev.ashlar.tensor.Node;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rematerialisation: the backward pass computes parts of the forward pass again in place of keeping their
 * values (Chen et al., Training deep nets with sublinear memory cost, 2016). The same operations on the same
 * values, so the same bits.
 *
 * <p>A part is all of the forward pass that belongs to one path of the model, such as {@code blocks.3}. What
 * enters and leaves it is kept; what its own backward pass needs of the rest is computed again, once that
 * begins. Blocks need not know: random masks come out again, state is updated once.
 *
 * <p>Between what is kept and what is computed again stands a composite named {@value Functions#BARRIER}: its operands
 * are the kept values and then the gradients that the part's backward pass begins with, its outputs the kept
 * values. It keeps the two computations from being recognised as one, and the second from beginning early. A
 * backend that knows it makes its outputs other names of its operands; one that inlines it computes the same,
 * and saves no memory.
 */
@Experimental(since = "0.1")
public final class Remat {

  private final List<String> paths;
  private final Set<Node> forward;
  /** Forward nodes whose value is used outside their part. */
  private final Set<Node> leaving = new HashSet<>();
  /** Nodes that the gradient of the loss flows through. */
  private final Set<Node> backward = new HashSet<>();
  /** What each part's backward pass needs of its forward pass. */
  private final Map<String, Set<Node>> needed = new HashMap<>();
  /** The gradients that each part's backward pass begins with. */
  private final Map<String, List<Tensor>> arriving = new LinkedHashMap<>();
  private final Map<String, Map<Tensor, Tensor>> copies = new HashMap<>();
  private final Map<Tensor, Tensor> rewritten = new IdentityHashMap<>();

  private Remat(Tensor loss, List<String> paths) {
    this.paths = paths;
    this.forward = new LinkedHashSet<>(Graph.of(List.of(loss)).nodes());
    leaving.add(loss.node());
    for (Node node : forward) {
      node.inputs().stream()
          .map(Tensor::node)
          .filter(operand -> !Objects.equals(part(operand), part(node)))
          .forEach(leaving::add);
    }
  }

  /**
   * {@link Gradients#of}, with parts of the forward pass computed again.
   *
   * @param loss a floating-point scalar
   * @param wrt with respect to what
   * @param paths of the parts
   * @return one tensor for each of {@code wrt}, of its type
   */
  public static List<Tensor> gradients(Tensor loss, List<Tensor> wrt, List<String> paths) {
    Tensor one = Tensor.full(loss.type(), 1);
    List<Tensor> gradients = Gradients.vjp(List.of(loss), List.of(one), wrt);
    return new Remat(loss, paths).apply(gradients, one);
  }

  private List<Tensor> apply(List<Tensor> gradients, Tensor one) {
    backward.add(one.node());
    for (Node node : Graph.of(gradients).nodes()) {
      List<Tensor> from = node.inputs().stream().filter(t -> backward.contains(t.node())).toList();
      if (!from.isEmpty()) {
        backward.add(node);
      }
      String part = part(node);
      if (part != null && !forward.contains(node)) {
        node.inputs().forEach(t -> need(t.node(), part));
        if (!from.isEmpty()) {
          // The first of its part: what it comes from does not wait for the part in a circle.
          arriving.putIfAbsent(part, from);
        }
      }
    }
    // What arrives at a part comes before all of its backward pass, so that the part can wait for it.
    List<Tensor> outputs = new ArrayList<>();
    arriving.values().forEach(outputs::addAll);
    outputs.addAll(gradients);
    Graph.of(outputs).nodes().stream().filter(node -> !forward.contains(node)).forEach(this::rewrite);
    return gradients.stream().map(this::now).toList();
  }

  /** Marks a node, and what it needs, to be computed again if it is an inner one of the part. */
  private void need(Node start, String part) {
    List<Node> open = new ArrayList<>(List.of(start));
    while (!open.isEmpty()) {
      Node node = open.removeLast();
      boolean inner = forward.contains(node) && part.equals(part(node)) && !leaving.contains(node);
      if (inner && !node.inputs().isEmpty()
          && needed.computeIfAbsent(part, p -> new LinkedHashSet<>()).add(node)) {
        node.inputs().forEach(t -> open.add(t.node()));
      }
    }
  }

  /** A node of the backward pass, on values that are computed again. */
  private void rewrite(Node node) {
    String part = part(node);
    Map<Tensor, Tensor> again =
        part == null || !needed.containsKey(part) ? Map.of() : copies.computeIfAbsent(part, this::repeat);
    List<Tensor> operands = node.inputs().stream()
        .map(t -> {
          Tensor copy = again.get(t);
          return copy != null ? copy : now(t);
        })
        .toList();
    if (!operands.equals(node.inputs())) {
      Node copy = Node.of(node.op().withInputs(operands), node.origin());
      node.outputs().forEach(t -> rewritten.put(t, copy.output(t.output())));
    }
  }

  /** Computes a part again: what stands for each of its tensors. */
  private Map<Tensor, Tensor> repeat(String part) {
    Set<Node> nodes = needed.get(part);
    List<Tensor> kept = nodes.stream()
        .flatMap(node -> node.inputs().stream())
        .filter(t -> !nodes.contains(t.node()) && !(t.node().op() instanceof Op.Literal))
        .distinct()
        .toList();
    List<Tensor> gradients = arriving.getOrDefault(part, List.of()).stream().map(this::now).toList();
    Map<Tensor, Tensor> again = barrier(kept, gradients);
    for (Node node : Graph.of(nodes.stream().map(n -> n.output(0)).toList()).nodes()) {
      if (nodes.contains(node)) {
        List<Tensor> operands = node.inputs().stream().map(t -> again.getOrDefault(t, t)).toList();
        Node copy = Node.of(node.op().withInputs(operands), node.origin());
        node.outputs().forEach(t -> again.put(t, copy.output(t.output())));
      }
    }
    return again;
  }

  private static Map<Tensor, Tensor> barrier(List<Tensor> kept, List<Tensor> gradients) {
    List<Tensor> names = Functions.barrier(kept, gradients);
    Map<Tensor, Tensor> behind = new IdentityHashMap<>();
    for (int i = 0; i < kept.size(); i++) {
      behind.put(kept.get(i), names.get(i));
    }
    return behind;
  }

  private Tensor now(Tensor t) {
    return rewritten.getOrDefault(t, t);
  }

  private @Nullable String part(Node node) {
    String at = node.origin().path();
    return paths.stream()
        .filter(path -> at.equals(path) || at.startsWith(path + "."))
        .findFirst()
        .orElse(null);
  }
}
