package dev.ashlar.training;

import dev.ashlar.model.Application;
import dev.ashlar.model.Batch;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.Tensors;
import dev.ashlar.training.Diagram.Node;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.Collections;

/** Finds the parts of a traced model, each with its own parts, and has the {@link Level}s find what ties them. */
final class Drawing {

  private final List<Application> uses;
  private final List<Summary.Line> lines;
  private final Summary.Traced traced;

  /** @param summary of the same trace */
  Drawing(Summary.Traced traced, Summary summary) {
    this.traced = traced;
    this.uses = traced.trace().applications();
    this.lines = summary.lines();
  }

  /** A use of a part, and where the uses of its own parts end in the list. */
  private record Use(int at, int end) {}

  Node whole() {
    Level level = level(split(0, uses.size(), ""), traced.inputs(), traced.outputs(), true);
    return Node.of("model", "", "", level.nodes(), level.edges());
  }

  /**
   * The direct parts among the uses {@code from} to {@code end}. What works in the very scope of the part around them,
   * such as a list of layers, and has nothing of its own, is its parts.
   */
  private List<Use> split(int from, int end, String path) {
    List<Use> parts = new ArrayList<>();
    for (int at = from, next; at < end; at = next) {
      next = at + 1;
      while (next < end && isWithin(uses.get(next), uses.get(at))) {
        next++;
      }
      if (next > at + 1 && uses.get(at).path().equals(path) && lines.get(at).parameters() == 0) {
        parts.addAll(split(at + 1, next, path));
      } else {
        parts.add(new Use(at, next));
      }
    }
    return parts;
  }

  /** A part of a part has a longer path, or is another block in the same scope. */
  private static boolean isWithin(Application inner, Application outer) {
    return outer.path().isEmpty() && !inner.path().isEmpty() || inner.path().startsWith(outer.path() + ".")
        || inner.path().equals(outer.path()) && !inner.block().equals(outer.block());
  }

  private Level level(List<Use> parts, Tensors in, Tensors out, boolean drawsEnds) {
    Level level = filled(parts, in, out, drawsEnds, false);
    return level.isOverloaded() ? filled(parts, in, out, drawsEnds, true) : level;
  }

  private Level filled(List<Use> parts, Tensors in, Tensors out, boolean drawsEnds, boolean coarse) {
    Level level = new Level(in, drawsEnds, coarse);
    for (Use part : parts) {
      Application use = uses.get(part.at);
      level.add(node(part), taken(use), given(use));
    }
    level.end(in, out);
    return level;
  }

  private Node node(Use use) {
    Application application = uses.get(use.at);
    Summary.Line line = lines.get(use.at);
    String name = application.path().substring(application.path().lastIndexOf('.') + 1);
    List<Use> parts = split(use.at + 1, use.end, application.path());
    if (parts.isEmpty()) {
      return new Node("", name, line.kind(), line.outputs(), line.parameters(), line.flops(), 1, List.of(), List.of());
    }
    Level level = level(parts, application.in(), application.out().orElseThrow(), false);
    if (level.only().isPresent() && line.parameters() == 0) {
      Node only = level.only().get(); // it is that part, under its own name, or so many of them
      return only.called("", only.times() > 1 ? only.name() : name);
    }
    long parameters = 0;
    double flops = 0;
    for (int i = use.at; i < use.end; i++) {
      parameters += lines.get(i).parameters();
      flops += lines.get(i).flops();
    }
    return new Node("", name, line.kind(), line.outputs(), parameters, flops, 1, level.nodes(), level.edges());
  }

  /** What a part has made something of; a part that passes its input on takes that. */
  private static List<Tensor> taken(Application use) {
    Set<Tensor> in = Collections.newSetFromMap(new IdentityHashMap<>());
    in.addAll(use.in().values());
    Set<Tensor> reached = Level.reached(given(use).stream().filter(t -> !in.contains(t)).toList(), in);
    return reached.isEmpty() ? List.of(use.in().first())
        : use.in().values().stream().filter(reached::contains).toList();
  }

  /** What others may take from a part: its main output, and what else it has not merely passed on. */
  private static List<Tensor> given(Application use) {
    Map<String, Tensor> given = new LinkedHashMap<>(use.out().orElseThrow().asMap());
    Tensor main = use.out().orElseThrow().first();
    given.remove(Batch.WEIGHT);
    given.values().removeIf(value -> value != main && use.in().values().stream().anyMatch(in -> in == value));
    return List.copyOf(given.values());
  }
}
