package dev.ashlar.program;

import dev.ashlar.api.Stable;
import dev.ashlar.tensor.Origin;

/** A checked run met a NaN: says which operation made the first one. */
@Stable
public final class NotANumberException extends ArithmeticException {
  private static final long serialVersionUID = 1;

  private final String program;
  private final String operation;
  private final transient Origin origin;

  /**
   * @param program the program's name
   * @param operation what gave the NaN, such as {@code log} or {@code input 'x'}
   * @param origin the part of the model that it belongs to
   * @param element where it is, such as {@code [0, 3] of f32[2, 4]}
   */
  public NotANumberException(String program, String operation, Origin origin, String element) {
    super("program '" + program + "': " + operation
        + (origin.path().isEmpty() && origin.line().isEmpty() ? "" : " in " + origin)
        + " gave the first NaN, at " + element);
    this.program = program;
    this.operation = operation;
    this.origin = origin;
  }

  /** The program's name. */
  public String program() {
    return program;
  }

  /** What gave the NaN. */
  public String operation() {
    return operation;
  }

  /** The part of the model that it belongs to. */
  public Origin origin() {
    return origin;
  }
}
