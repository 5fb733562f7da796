package dev.ashlar.data;

import dev.ashlar.api.Stable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Where examples come from: a record that is bound by name like a layer. */
@Stable
@FunctionalInterface
public interface DataSource {

  /**
   * Opens the set; the caller closes it.
   *
   * @throws IOException if it cannot be read; the message says what, where, and what to do
   */
  Dataset open() throws IOException;

  /**
   * The files and folders that it reads, whether they are there or not, so that a run that goes on later can tell
   * whether they have changed. By default none: nothing is known of them.
   *
   * @throws IOException if they cannot be found, such as those that a pattern names
   */
  default List<Path> files() throws IOException {
    return List.of();
  }
}
