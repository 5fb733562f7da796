package dev.ashlar.io.tables;

import dev.ashlar.config.Problem;

/** A row that a model cannot take: names the column, what was found, what was expected, and what to do. */
public final class RowException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  private final transient Problem problem;

  /** Of a problem found by looking. */
  public RowException(Problem problem) {
    super(problem.toString());
    this.problem = problem;
  }

  /** What is wrong, as data. */
  public Problem problem() {
    return problem;
  }
}
