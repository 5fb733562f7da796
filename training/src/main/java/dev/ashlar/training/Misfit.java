package dev.ashlar.training;

import dev.ashlar.api.Experimental;
import dev.ashlar.model.Application;
import dev.ashlar.model.Trace;
import dev.ashlar.tensor.Tensors;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A part of a task that does not fit what it is given.
 *
 * @param parts the part to blame, then what it is a part of, outwards
 * @param path of the part in the model, or what it is for: {@code loss}
 * @param given what it was given: types by name
 * @param reason what it said
 */
@Experimental(since = "0.1")
public record Misfit(List<Object> parts, String path, String given, Throwable reason) {

  /** Copies the list. */
  public Misfit {
    parts = List.copyOf(parts);
  }

  /** Whether the part refused what it was given, which is the user's to mend; if not, its own code failed. */
  public boolean isRefusal() {
    return reason instanceof IllegalArgumentException;
  }

  /** The blocks that were at work when a trace failed. */
  static Misfit inModel(Trace trace, Throwable reason) {
    List<Application> failed =
        trace.applications().stream().filter(a -> a.out().isEmpty()).toList().reversed();
    Application innermost = failed.getFirst();
    return new Misfit(
        failed.stream().map(a -> (Object) a.block()).toList(), innermost.path(), types(innermost.in()), reason);
  }

  /** The parts of a traced model that a path leads through. */
  static Misfit at(String path, Trace trace, RuntimeException reason) {
    List<Application> parts = trace.applications().stream()
        .filter(a -> a.path().isEmpty() || path.equals(a.path()) || path.startsWith(a.path() + "."))
        .toList().reversed();
    return new Misfit(
        parts.stream().map(a -> (Object) a.block()).toList(), path, types(parts.getFirst().in()), reason);
  }

  static Misfit of(Object part, String path, Tensors given, Throwable reason) {
    return new Misfit(List.of(part), path, types(given), reason);
  }

  private static String types(Tensors values) {
    return values.asMap().entrySet().stream()
        .map(e -> values.size() == 1 ? e.getValue().type().toString() : e.getKey() + " " + e.getValue().type())
        .collect(Collectors.joining(", "));
  }
}
