package dev.ashlar.config;

import dev.ashlar.api.Stable;

/**
 * A place in a file, or an option of a command line.
 *
 * @param file how the user calls the file
 * @param line counted from 1; 0 for an option, which has no lines
 * @param column counted from 1; 0 for an option
 */
@Stable
public record Location(String file, int line, int column) {
  /** The whole of an option, as it was given. */
  public static Location of(String option) {
    return new Location(option, 0, 0);
  }

  /** {@code file:line:column}, which editors and terminals can follow. */
  @Override
  public String toString() {
    return line == 0 ? file : file + ":" + line + ":" + column;
  }
}
