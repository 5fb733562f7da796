package dev.ashlar.runtime;

import dev.ashlar.io.images.ImageFiles;
import java.nio.file.Path;
import java.util.Locale;

/** How examples and answers are written. */
public enum TableFormat {
  /** Rows of fields, with or without a header. */
  CSV,
  /** An object or a list of JSON in each line. */
  JSONL,
  /** An array of NumPy. */
  NPY,
  /** A text in each line; of examples alone. */
  TEXT,
  /** An image, or a folder of them; of examples alone. */
  IMAGES;

  /** What the name of a file of examples says; anything else is {@link #CSV}. */
  public static TableFormat ofExamples(Path file) {
    return ImageFiles.isMeant(file) ? IMAGES : of(file);
  }

  /** What the name of a file of answers says; anything else is {@link #CSV}. */
  public static TableFormat of(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".npy")) {
      return NPY;
    }
    return name.matches(".*\\.(jsonl|ndjson|json)(\\.gz)?") ? JSONL : CSV;
  }
}
