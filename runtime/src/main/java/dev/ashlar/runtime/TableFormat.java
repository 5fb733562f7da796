package dev.ashlar.runtime;

import java.nio.file.Path;
import java.util.Locale;

/** How examples and answers are written. */
public enum TableFormat {
  /** Rows of fields, with or without a header. */
  CSV,
  /** An object or a list of JSON in each line. */
  JSONL,
  /** An array of NumPy. */
  NPY;

  /** What the name of a file says; anything else is {@link #CSV}. */
  public static TableFormat of(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".npy")) {
      return NPY;
    }
    return name.matches(".*\\.(jsonl|ndjson)(\\.gz)?") ? JSONL : CSV;
  }
}
