package dev.ashlar.tensor;

import dev.ashlar.api.Stable;
import java.util.function.Supplier;

/**
 * Which part of a model a node belongs to.
 *
 * @param path scope path such as {@code blocks.3.attention}; empty outside a scope
 * @param line the caller's source line in debug mode, else empty
 */
@Stable
public record Origin(String path, String line) {

  private static final Origin NONE = new Origin("", "");
  private static final ScopedValue<Origin> CURRENT = ScopedValue.newInstance();
  private static final StackWalker WALKER = StackWalker.getInstance();

  static Origin current() {
    Origin origin = CURRENT.orElse(NONE);
    return origin.line.isEmpty() ? origin : new Origin(origin.path, caller());
  }

  /** Runs with nodes created by this thread belonging to a path; keeps debug mode. */
  public static <T> T within(String path, Supplier<T> work) {
    return ScopedValue.where(CURRENT, new Origin(path, CURRENT.orElse(NONE).line)).call(work::get);
  }

  /** Runs with the caller's source line recorded for every node: slow, for debugging. */
  public static <T> T tracingLines(Supplier<T> work) {
    return ScopedValue.where(CURRENT, new Origin(CURRENT.orElse(NONE).path, "?")).call(work::get);
  }

  private static String caller() {
    return WALKER.walk(
        frames ->
            frames
                .filter(f -> !f.getClassName().startsWith("dev.ashlar.tensor."))
                .findFirst()
                .map(f -> f.getFileName() + ":" + f.getLineNumber())
                .orElse("?"));
  }

  @Override
  public String toString() {
    return line.isEmpty() ? path : path + " (" + line + ")";
  }
}
