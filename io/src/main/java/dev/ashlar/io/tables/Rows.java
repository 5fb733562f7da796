package dev.ashlar.io.tables;

import dev.ashlar.config.FileException;
import java.io.IOException;
import java.util.List;

/** Rows of a table, one after the other, as text. */
public interface Rows extends AutoCloseable {

  /** Opens the table, as often as it must be read. */
  @FunctionalInterface
  interface Opener {
    /** The rows from the first on. */
    Rows open() throws IOException;
  }

  /** Names of the columns. */
  List<String> names();

  /** Whether the names are the table's own. */
  boolean areNamed();

  /** Goes to the next row, if there is one. */
  boolean next() throws IOException;

  /** A field of the row, without blanks around it; empty for nothing. */
  String text(int column);

  /** Where the row stands, from 1. */
  long line();

  /** What messages call the table: a file, or {@code standard input}. */
  String source();

  /** How an option of the table is given: {@code 'header: true'}; empty if it cannot be. */
  String option(String key, String value);

  /** What is said of a table without rows. */
  FileException noRows();

  /** A problem in a field. */
  default FileException at(int column, long line, String found, String expected, String help) {
    return FileException.at(source() + ":" + line + ": column '" + names().get(column) + "'", found, expected, help);
  }

  @Override
  void close() throws IOException;
}
