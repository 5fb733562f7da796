package dev.ashlar.optimizers;

import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Nearest;
import dev.ashlar.config.Wildcards;
import dev.ashlar.model.Optimizer;
import dev.ashlar.model.Schedule;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.Tensors;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Optimizers for parameters by their paths, such as {@code head.weight}: another learning rate for the last layer, no
 * weight decay for biases, a part that is {@link Frozen}. Each parameter belongs to the first pattern that matches it.
 * Gradients are computed once, for all groups but frozen ones. What is said around this ({@code gradients}, {@link
 * Chain}) sees the gradients of all of them together.
 */
@Name("groups")
@Doc("optimizers for parameters by their names")
public record Groups(
    @Doc("optimizers by what the parameters' paths look like: patterns with commas between, a star stands for any"
        + " characters; the first that matches counts") Map<String, Optimizer> byName,
    @Doc("what takes all other parameters") Optimizer others)
    implements Optimizer {

  private static final String NAME = "groups";
  private static final int MANY = 12;

  /** Copies the map. */
  public Groups {
    byName = Collections.unmodifiableMap(new LinkedHashMap<>(byName));
  }

  @Override
  public @Nullable Schedule learningRate() {
    return others.learningRate();
  }

  @Override
  public Tensors step(Tensors parameters, Objective objective, Scope scope) {
    Map<String, Integer> groups = groups(parameters);
    List<Optimizer> optimizers = new java.util.ArrayList<>(byName.values());
    optimizers.add(others);
    Tensors trained = parameters.filter((path, value) -> !(optimizers.get(groups.get(path)) instanceof Frozen));
    if (trained.size() == 0) {
      throw new ShapeException(NAME, "a group that is not frozen", "parameters that are all frozen",
          "nothing is left to be trained");
    }
    Evaluation here = objective.at(trained);
    Tensors after = parameters;
    for (int g = 0; g < optimizers.size(); g++) {
      int group = g;
      Tensors mine = parameters.filter((path, value) -> groups.get(path) == group);
      if (mine.size() > 0) {
        after = after.with(optimizers.get(g).step(mine,
            at -> own(at, at.values().equals(mine.values()) ? here : objective.at(trained.with(at))),
            scope.child("group_" + g)));
      }
    }
    return after;
  }

  private static Evaluation own(Tensors asked, Evaluation all) {
    return new Evaluation(all.loss(), asked.map((path, value) -> all.gradients().get(path)));
  }

  /** The number of each parameter's group, {@code others} last. */
  private Map<String, Integer> groups(Tensors parameters) {
    Map<String, Integer> groups = new LinkedHashMap<>();
    int number = 0;
    for (String patterns : byName.keySet()) {
      for (String text : patterns.split(",")) {
        Pattern pattern = Wildcards.pattern(text.strip());
        List<String> matching = parameters.names().stream().filter(path -> pattern.matcher(path).matches()).toList();
        if (groups.keySet().containsAll(matching)) {
          throw unmatched(text.strip(), parameters, matching.isEmpty());
        }
        for (String path : matching) {
          groups.putIfAbsent(path, number);
        }
      }
      number++;
    }
    for (String path : parameters.names()) {
      groups.putIfAbsent(path, byName.size());
    }
    return groups;
  }

  private static ShapeException unmatched(String pattern, Tensors parameters, boolean matchesNone) {
    List<String> paths = List.copyOf(parameters.names());
    String some = String.join(", ", paths.subList(0, Math.min(MANY, paths.size())))
        + (paths.size() > MANY ? ", .. (" + paths.size() + " in all)" : "");
    return matchesNone
        ? new ShapeException(NAME, "a pattern that matches some of the parameters: " + some,
            "'" + pattern + "', which matches no parameter", Nearest.advice(pattern, wanted(paths)))
        : new ShapeException(NAME, "a pattern with parameters of its own",
            "'" + pattern + "', whose parameters all belong to earlier patterns",
            "the first pattern that matches a parameter takes it: put the narrower one first");
  }

  /** The paths, and what is in front of or behind each point with a star for the rest. */
  private static List<String> wanted(List<String> paths) {
    return paths.stream().flatMap(path -> {
      List<String> parts = Arrays.asList(path.split("\\."));
      return java.util.stream.Stream.of(path, String.join(".", parts.subList(0, parts.size() - 1)) + ".*",
          parts.getFirst() + ".*", "*." + parts.getLast());
    }).distinct().toList();
  }
}
