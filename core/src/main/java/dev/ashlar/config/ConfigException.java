package dev.ashlar.config;

import dev.ashlar.api.Stable;
import java.util.List;

/** Mistakes in a configuration, all of them. Its message is meant for the user and needs no stack trace. */
@Stable
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient List<Problem> problems;

  /** Of one problem. */
  public ConfigException(Problem problem) {
    this(List.of(problem));
  }

  /** Of several. */
  public ConfigException(List<Problem> problems) {
    super(Problem.render(problems));
    this.problems = List.copyOf(problems);
  }

  /** In the order of the file. */
  public List<Problem> problems() {
    return problems;
  }
}
