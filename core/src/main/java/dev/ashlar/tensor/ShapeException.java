package dev.ashlar.tensor;

import dev.ashlar.api.Stable;

/**
 * A tensor of the wrong shape or element type. Carries what was expected and found as data, so that
 * callers can say where in a model it happened.
 */
@Stable
public final class ShapeException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  private final String operation;
  private final String expected;
  private final String found;
  private final String help;

  /**
   * @param operation what was asked for, in a word or two
   * @param expected what it takes
   * @param found what it was given
   */
  public ShapeException(String operation, String expected, String found) {
    this(operation, expected, found, "");
  }

  /**
   * @param operation what was asked for, in a word or two
   * @param expected what it takes
   * @param found what it was given
   * @param help what to do; may be empty
   */
  public ShapeException(String operation, String expected, String found, String help) {
    super(operation + ": expected " + expected + ", found " + found + (help.isEmpty() ? "" : "; " + help));
    this.operation = operation;
    this.expected = expected;
    this.found = found;
    this.help = help;
  }

  /** What was asked for. */
  public String operation() {
    return operation;
  }

  /** What it takes. */
  public String expected() {
    return expected;
  }

  /** What it was given. */
  public String found() {
    return found;
  }

  /** What to do; may be empty. */
  public String help() {
    return help;
  }
}
