package dev.ashlar.program;

import dev.ashlar.api.Stable;
import dev.ashlar.tensor.Origin;

/** A number that names no row of the table that it is looked up in: a symbol that a model does not know. */
@Stable
public final class LookupException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  private final String argument;
  private final long position;
  private final long found;
  private final int rows;
  private final transient Origin origin;

  /**
   * @param argument that holds the number
   * @param position of the number among the argument's, row-major
   * @param found the number
   * @param rows that there are, from 0
   * @param origin the part of the model that looks it up
   */
  public LookupException(String argument, long position, long found, int rows, Origin origin) {
    super("argument '" + argument + "', element " + position + ": expected a whole number from 0 to " + (rows - 1)
        + ", which " + (origin.path().isEmpty() ? "the model" : "'" + origin + "'") + " looks up, found " + found);
    this.argument = argument;
    this.position = position;
    this.found = found;
    this.rows = rows;
    this.origin = origin;
  }

  /** The argument that holds the number. */
  public String argument() {
    return argument;
  }

  /** Position of the number among the argument's, row-major. */
  public long position() {
    return position;
  }

  /** The number. */
  public long found() {
    return found;
  }

  /** Rows that there are, from 0. */
  public int rows() {
    return rows;
  }

  /** The part of the model that looks it up. */
  public Origin origin() {
    return origin;
  }
}
