package dev.ashlar.layers.joining;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.model.Batch;
import dev.ashlar.model.Block;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.Tensors;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Nodes with names, each of which takes inputs and other nodes, whatever order they are written in. A node is the part
 * of its name; its value is the first output of its layer. The outputs have their nodes' names.
 *
 * @param nodes by name: letters A to Z, digits, underscores and hyphens
 * @param outputs names of nodes, the main one first; by default the one that no other takes
 * @param inputs names of what comes in; the input of a model with one is called {@value Batch#INPUT}
 */
@Name("graph")
@Doc("named nodes, each of which takes inputs and other nodes")
public record NamedGraph(
    @Doc("by name: a layer, and what it takes") Map<String, Node> nodes,
    @Doc("nodes that are outputs, the main one first; by default the one that no other takes") @Default("[]")
        List<String> outputs,
    @Doc("names of what comes in") @Default("[input]") List<String> inputs)
    implements Block {

  /**
   * Copies; what was left to the default is said.
   *
   * @throws dev.ashlar.config.MisplacedException for unknown names, circles, nodes that are not needed, and more
   */
  public NamedGraph {
    Wiring wiring = Wiring.of(nodes, outputs, inputs);
    nodes = Collections.unmodifiableMap(new LinkedHashMap<>(wiring.nodes()));
    outputs = wiring.outputs();
    inputs = List.copyOf(inputs);
  }

  /** Of one input, with one output. */
  public static NamedGraph of(Map<String, Node> nodes) {
    return new NamedGraph(nodes, List.of(), List.of(Batch.INPUT));
  }

  @Override
  public Tensors forward(Tensors in, Scope scope) {
    Map<String, Tensor> values = new HashMap<>(given(in));
    for (String name : Wiring.order(nodes)) {
      Node node = nodes.get(name);
      Map<String, Tensor> taken = new LinkedHashMap<>();
      node.from().forEach(from -> taken.put(from, values.get(from)));
      Tensor value = scope.call(name, node.layer(), Tensors.of(taken)).first();
      checkUsed(name, taken, value);
      values.put(name, value);
    }
    Map<String, Tensor> results = new LinkedHashMap<>();
    outputs.forEach(name -> results.put(name, values.get(name)));
    return Tensors.of(results);
  }

  /** A layer of one input passes others by: a value that changes nothing is a mistake. */
  private static void checkUsed(String name, Map<String, Tensor> taken, Tensor value) {
    if (taken.size() < 2) {
      return;
    }
    Set<Tensor> met = new HashSet<>(Set.of(value));
    Deque<Tensor> open = new ArrayDeque<>(met);
    while (!open.isEmpty()) {
      Tensor tensor = open.pop();
      // Not beyond: what is taken may itself be made of something else that is taken.
      if (!taken.containsValue(tensor)) {
        tensor.node().inputs().stream().filter(met::add).forEach(open::push);
      }
    }
    Map<Boolean, List<String>> used = taken.keySet().stream()
        .collect(Collectors.partitioningBy(from -> met.contains(taken.get(from))));
    if (!used.get(false).isEmpty()) {
      throw new ShapeException("node '" + name + "'", "what its layer uses: " + String.join(", ", used.get(true)),
          String.join(", ", taken.keySet()), "its layer takes no notice of " + String.join(", ", used.get(false))
              + ": join values before it, with add, multiply or concatenate");
    }
  }

  private Map<String, Tensor> given(Tensors in) {
    if (inputs.size() == 1 && in.size() == 1) {
      return Map.of(inputs.getFirst(), in.first());
    }
    Map<String, Tensor> given = new HashMap<>();
    for (String name : inputs) {
      given.put(name, in.find(name).orElseThrow(() -> new ShapeException(
          "graph", "the inputs " + String.join(", ", inputs), String.join(", ", in.names()),
          "name them in the graph: 'inputs: [" + String.join(", ", in.names()) + "]', or give the data's inputs"
              + " the names that it has")));
    }
    return given;
  }
}
