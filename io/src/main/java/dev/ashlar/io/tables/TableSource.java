package dev.ashlar.io.tables;

import dev.ashlar.data.DataSource;
import dev.ashlar.data.Dataset;
import java.io.IOException;
import java.util.List;

/** A source of rows that can be read as a model learnt to read its own. */
public interface TableSource extends DataSource {

  /**
   * Opens the set; the caller closes it.
   *
   * @param encoding what stands for the columns
   * @param classes of the label; none if it is a number
   * @throws IOException if it cannot be read; the message says what, where, and what to do
   */
  Dataset open(TableEncoding encoding, List<String> classes) throws IOException;
}
