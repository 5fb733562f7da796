package dev.ashlar.program;

import dev.ashlar.api.Stable;

/** The code of a custom operation failed: its kernel, or its own. The cause is what it threw. */
@Stable
public final class OperationException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String program;
  private final String operation;
  private final String origin;

  /**
   * @param program the program's name; empty where the operation runs in none
   * @param operation the operation's name
   * @param origin the part of the model that it belongs to; empty if it is none
   * @param what was running, on what, and what to do: for the message
   */
  public OperationException(String program, String operation, String origin, String what, Throwable cause) {
    super((program.isEmpty() ? "" : "program '" + program + "': ") + "operation '" + operation + "'"
        + (origin.isEmpty() ? "" : " in " + origin) + ": " + what, cause);
    this.program = program;
    this.operation = operation;
    this.origin = origin;
  }

  /** The program's name; empty where the operation ran in none. */
  public String program() {
    return program;
  }

  /** The operation's name. */
  public String operation() {
    return operation;
  }

  /** The part of the model that it belongs to; empty if it is none. */
  public String origin() {
    return origin;
  }
}
