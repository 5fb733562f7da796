package dev.ashlar.config;

/**
 * A place in a file.
 *
 * @param file how the user calls the file
 * @param line counted from 1
 * @param column counted from 1
 */
public record Location(String file, int line, int column) {
  /** {@code file:line:column}, which editors and terminals can follow. */
  @Override
  public String toString() {
    return file + ":" + line + ":" + column;
  }
}
