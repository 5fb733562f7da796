package dev.ashlar.config;

import dev.ashlar.api.Stable;
import java.io.IOException;

/**
 * A file that cannot be read or written: missing, out of reach, full disk, or not what it should hold. Its message
 * is meant for the user and needs no stack trace.
 */
@Stable
public final class FileException extends IOException {
  private static final long serialVersionUID = 1;

  private final transient Problem problem;

  /** Of a problem found by looking. */
  public FileException(Problem problem) {
    super(problem.toString());
    this.problem = problem;
  }

  /** Of a problem that something else reported. */
  public FileException(Problem problem, Throwable cause) {
    super(problem.toString(), cause);
    this.problem = problem;
  }

  /**
   * A problem in a file.
   *
   * @param place the file, as the user calls it, and where in it: a line, a tensor, a byte
   * @param found what is there
   * @param expected what should be there
   * @param help what to do; may be empty
   */
  public static FileException at(String place, String found, String expected, String help) {
    return new FileException(new Problem(new Place(place, null), found, expected, help));
  }

  /** What is wrong, as data. */
  public Problem problem() {
    return problem;
  }
}
