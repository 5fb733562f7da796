package dev.ashlar.training;

import dev.ashlar.config.ConfigException;
import dev.ashlar.config.Nearest;
import dev.ashlar.config.Place;
import dev.ashlar.config.Problem;
import dev.ashlar.config.Wildcards;
import dev.ashlar.model.Application;
import dev.ashlar.model.Trace;
import dev.ashlar.program.Computation;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Looks inside a model: what its parts give is in the graph with the paths of their scopes, so it can be asked for
 * though no author marked it.
 */
final class Taps {

  private Taps() {}

  /**
   * A prediction whose results are what has a path of the pattern, in the order of the parts.
   *
   * @param predict traced by {@code trace}
   * @param pattern a path, in which a star stands for any characters
   * @throws ConfigException if nothing has such a path: lists those that there are
   */
  static Computation matching(String pattern, Computation predict, Trace trace) {
    Map<String, Tensor> known = new LinkedHashMap<>();
    trace.applications().forEach(part -> add(part, known));
    trace.taps().asMap().forEach((path, value) -> add(path, value, known));
    Pattern wanted = Wildcards.pattern(pattern);
    Tensors matching = Tensors.of(known).filter((path, value) -> wanted.matcher(path).matches());
    if (matching.size() == 0) {
      List<String> paths = List.copyOf(known.keySet());
      throw new ConfigException(new Problem(new Place(pattern.isBlank() ? "''" : pattern, null), "no part of the model of that path",
          "one of " + String.join(", ", paths) + "; a star stands for any characters", Nearest.advice(pattern, paths)));
    }
    return new Computation("inside", matching, predict.variables());
  }

  /** A part's main output under its path, others under their names too, but for what the part only passes on. */
  private static void add(Application part, Map<String, Tensor> known) {
    Tensors out = part.out().orElseThrow();
    if (!part.path().isEmpty()) {
      add(part.path(), out.first(), known);
      out.filter((name, value) -> value != out.first() && !part.in().values().contains(value)).asMap()
          .forEach((name, value) -> add(part.path() + "." + name, value, known));
    }
  }

  /** A part that is used again has a number. What is the same value under the same path is there once. */
  private static void add(String path, Tensor value, Map<String, Tensor> known) {
    String free = path;
    for (int use = 2; known.containsKey(free) && known.get(free) != value; use++) {
      free = path + " (" + use + ")";
    }
    known.put(free, value);
  }
}
