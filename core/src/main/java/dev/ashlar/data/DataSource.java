package dev.ashlar.data;

import java.io.IOException;

/** Where examples come from: a record that is bound by name like a layer. */
@FunctionalInterface
public interface DataSource {

  /**
   * Opens the set; the caller closes it.
   *
   * @throws IOException if it cannot be read; the message says what, where, and what to do
   */
  Dataset open() throws IOException;
}
