package dev.ashlar.io.text;

import dev.ashlar.data.DataSource;
import dev.ashlar.data.Dataset;
import java.io.IOException;
import java.util.List;

/** A source of text that can be read as a model learnt to read its own. */
public interface TextSource extends DataSource {

  /**
   * Opens the set; the caller closes it.
   *
   * @param encoding what numbers stand for the text
   * @param classes of the labels, if lines have any
   * @throws IOException if it cannot be read; the message says what, where, and what to do
   */
  Dataset open(TextEncoding encoding, List<String> classes) throws IOException;
}
