package dev.ashlar.layers.joining;

import dev.ashlar.config.MisplacedException;
import dev.ashlar.config.MisplacedException.Mistake;
import dev.ashlar.config.Nearest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Who takes what in a graph, every default said.
 *
 * @param nodes each with what it takes
 * @param outputs at least one
 */
record Wiring(Map<String, Node> nodes, List<String> outputs) {

  /** Names become parts of variables' names in files. */
  private static final Pattern NAMES = Pattern.compile("[A-Za-z0-9_-]+");

  /** What the transforms of a model's inputs are called. */
  private static final String RESERVED = "inputs";

  /** Checks and fills in. */
  static Wiring of(Map<String, Node> given, List<String> outputs, List<String> inputs) {
    List<Mistake> mistakes = new ArrayList<>();
    checkNames(given, inputs, mistakes);
    refuse(mistakes);
    Map<String, Node> nodes = complete(given, inputs);
    List<String> known = new ArrayList<>(inputs);
    known.addAll(nodes.keySet());
    nodes.forEach((name, node) -> checkNode(name, node, known, mistakes));
    for (int i = 0; i < outputs.size(); i++) {
      checkReference(List.of("outputs", i), outputs.get(i), outputs.subList(0, i), List.copyOf(nodes.keySet()),
          "a node", mistakes);
    }
    refuse(mistakes);
    checkCircles(nodes, mistakes);
    refuse(mistakes);
    List<String> ends = outputs.isEmpty() ? end(nodes, mistakes) : List.copyOf(outputs);
    refuse(mistakes);
    checkNeeded(nodes, ends, inputs, mistakes);
    refuse(mistakes);
    return new Wiring(nodes, ends);
  }

  /** Each node behind those that it takes, otherwise as written. */
  static List<String> order(Map<String, Node> nodes) {
    Set<String> order = new LinkedHashSet<>();
    nodes.keySet().forEach(name -> visit(name, nodes, order));
    return List.copyOf(order);
  }

  private static void visit(String name, Map<String, Node> nodes, Set<String> done) {
    if (nodes.containsKey(name) && !done.contains(name)) {
      nodes.get(name).from().forEach(from -> visit(from, nodes, done));
      done.add(name);
    }
  }

  private static Map<String, Node> complete(Map<String, Node> given, List<String> inputs) {
    Map<String, Node> nodes = new LinkedHashMap<>();
    String before = inputs.getFirst();
    for (Map.Entry<String, Node> node : given.entrySet()) {
      Node value = node.getValue();
      nodes.put(node.getKey(), value.from().isEmpty() ? Node.of(value.layer(), before) : value);
      before = node.getKey();
    }
    return nodes;
  }

  // ---------------------------------------------------------------- mistakes

  private static void refuse(List<Mistake> mistakes) {
    if (!mistakes.isEmpty()) {
      throw new MisplacedException(mistakes);
    }
  }

  private static void checkNames(Map<String, Node> nodes, List<String> inputs, List<Mistake> mistakes) {
    if (nodes.isEmpty()) {
      mistakes.add(new Mistake(List.of("nodes"), "no node", "at least one", ""));
    }
    if (inputs.isEmpty()) {
      mistakes.add(new Mistake(List.of("inputs"), "no input", "at least one", ""));
    }
    for (int i = 0; i < inputs.size(); i++) {
      if (inputs.subList(0, i).contains(inputs.get(i))) {
        mistakes.add(new Mistake(List.of("inputs", i), "'" + inputs.get(i) + "' again", "each input once", ""));
      }
    }
    for (String name : nodes.keySet()) {
      if (!NAMES.matcher(name).matches() || name.equals(RESERVED)) {
        mistakes.add(new Mistake(List.of("nodes", name), "a node called '" + name + "'",
            "a name of letters A to Z, digits, '_' and '-', other than '" + RESERVED + "'", ""));
      } else if (inputs.contains(name)) {
        mistakes.add(new Mistake(List.of("nodes", name), "a node called '" + name + "', as an input is",
            "a name of its own for each", ""));
      }
    }
  }

  private static void checkNode(String name, Node node, List<String> known, List<Mistake> mistakes) {
    for (int i = 0; i < node.from().size(); i++) {
      checkReference(List.of("nodes", name, "from", i), node.from().get(i), node.from().subList(0, i), known,
          "an input or a node", mistakes);
    }
  }

  private static void checkReference(List<Object> steps, String name, List<String> earlier, List<String> known,
      String expected, List<Mistake> mistakes) {
    if (earlier.contains(name)) {
      mistakes.add(new Mistake(steps, "'" + name + "' again", "each name once", ""));
    } else if (!known.contains(name)) {
      mistakes.add(new Mistake(steps, "the unknown name '" + name + "'",
          expected + ": one of " + String.join(", ", known), Nearest.advice(name, known)));
    }
  }

  private static void checkCircles(Map<String, Node> nodes, List<Mistake> mistakes) {
    Set<String> done = new HashSet<>();
    for (String name : nodes.keySet()) {
      List<String> circle = circle(name, nodes, new ArrayList<>(), done);
      if (!circle.isEmpty()) {
        mistakes.add(new Mistake(List.of("nodes", circle.getFirst(), "from"),
            "a circle: " + String.join(" takes ", circle), "nodes that do not need themselves", ""));
        return;
      }
    }
  }

  /** From a node back to itself; empty if there is none behind this one. */
  private static List<String> circle(String name, Map<String, Node> nodes, List<String> path, Set<String> done) {
    if (path.contains(name)) {
      List<String> circle = new ArrayList<>(path.subList(path.indexOf(name), path.size()));
      circle.add(name);
      return circle;
    }
    if (!nodes.containsKey(name) || done.contains(name)) {
      return List.of();
    }
    path.add(name);
    for (String from : nodes.get(name).from()) {
      List<String> circle = circle(from, nodes, path, done);
      if (!circle.isEmpty()) {
        return circle;
      }
    }
    path.removeLast();
    done.add(name);
    return List.of();
  }

  private static List<String> end(Map<String, Node> nodes, List<Mistake> mistakes) {
    List<String> ends = nodes.keySet().stream()
        .filter(name -> nodes.values().stream().noneMatch(node -> node.from().contains(name))).toList();
    if (ends.size() > 1) {
      mistakes.add(new Mistake(List.of("nodes"), "several nodes that no other takes: " + String.join(", ", ends),
          "one, which is the output", "take the others, or say which are outputs: 'outputs: ["
          + String.join(", ", ends.reversed()) + "]'"));
    }
    return ends;
  }

  private static void checkNeeded(
      Map<String, Node> nodes, List<String> outputs, List<String> inputs, List<Mistake> mistakes) {
    Set<String> needed = new HashSet<>();
    outputs.forEach(output -> visit(output, nodes, needed));
    for (String name : nodes.keySet()) {
      if (!needed.contains(name)) {
        mistakes.add(new Mistake(List.of("nodes", name), "node '" + name + "', which no output needs",
            "nodes that are needed", "take it in another, add it to 'outputs', or remove it"));
      }
    }
    for (int i = 0; i < inputs.size() && mistakes.isEmpty(); i++) {
      String input = inputs.get(i);
      if (nodes.values().stream().noneMatch(node -> node.from().contains(input))) {
        mistakes.add(new Mistake(List.of("inputs", i), "input '" + input + "', which no node takes",
            "inputs that are needed", "take it in a node, or remove it"));
      }
    }
  }
}
