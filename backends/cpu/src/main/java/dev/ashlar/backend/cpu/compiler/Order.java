package dev.ashlar.backend.cpu.compiler;

import dev.ashlar.tensor.Graph;
import dev.ashlar.tensor.Node;
import dev.ashlar.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/** Puts groups in an order in which they can run, close to that of the graph. */
final class Order {

  private Order() {}

  /**
   * @param before for a group, others that must come before though it does not use what they make
   */
  static List<Group> of(List<Group> groups, Graph graph, Map<Group, Set<Group>> before) {
    Map<Node, Integer> places = new HashMap<>();
    graph.nodes().forEach(node -> places.put(node, places.size()));
    Map<Tensor, Group> producers = new HashMap<>();
    for (Group group : groups) {
      group.produced().forEach(tensor -> producers.put(tensor, group));
    }
    Map<Group, Set<Group>> after = new HashMap<>();
    Map<Group, Integer> waiting = new HashMap<>();
    for (Group group : groups) {
      Set<Group> needs = new HashSet<>(before.getOrDefault(group, Set.of()));
      group.loaded().stream().map(producers::get).filter(p -> p != null && p != group).forEach(needs::add);
      waiting.put(group, needs.size());
      needs.forEach(need -> after.computeIfAbsent(need, g -> new HashSet<>()).add(group));
    }
    Map<Group, Integer> priorities = new HashMap<>();
    for (Group group : groups) {
      priorities.put(group, group.produced().stream().mapToInt(t -> places.get(t.node())).max().orElse(0));
    }
    PriorityQueue<Group> ready = new PriorityQueue<>(
        java.util.Comparator.<Group>comparingInt(priorities::get).thenComparingInt(g -> g.id));
    groups.stream().filter(g -> waiting.get(g) == 0).forEach(ready::add);
    List<Group> order = new ArrayList<>();
    while (!ready.isEmpty()) {
      Group group = ready.poll();
      order.add(group);
      for (Group next : after.getOrDefault(group, Set.of())) {
        if (waiting.merge(next, -1, Integer::sum) == 0) {
          ready.add(next);
        }
      }
    }
    if (order.size() != groups.size()) {
      throw new IllegalStateException("groups wait for each other");
    }
    return order;
  }
}
