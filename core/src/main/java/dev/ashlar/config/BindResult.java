package dev.ashlar.config;

import dev.ashlar.api.Stable;
import java.util.List;

/** What binding came to: a value, or every mistake found. */
@Stable
public sealed interface BindResult<T> {
  /** It went well. */
  record Bound<T>(T value) implements BindResult<T> {}

  /** It did not; at least one problem, in the order of the file. */
  record Refused<T>(List<Problem> problems) implements BindResult<T> {
    /** Copies the list. */
    public Refused {
      problems = List.copyOf(problems);
    }
  }

  /**
   * The value.
   *
   * @throws ConfigException with all the problems if there are any
   */
  default T orThrow() {
    return switch (this) {
      case Bound<T>(var value) -> value;
      case Refused<T>(var problems) -> throw new ConfigException(problems);
    };
  }
}
