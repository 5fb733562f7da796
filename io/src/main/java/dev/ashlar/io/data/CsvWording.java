package dev.ashlar.io.data;

import java.nio.file.Path;

/** How messages about a table call it and its options, for those who gave it otherwise than by a configuration. */
public interface CsvWording {

  /** What the table is called: a file, or {@code standard input}. */
  String source();

  /**
   * How an option is given: {@code 'header: true'}; empty if it cannot be.
   *
   * @param key a component of {@link Csv}
   * @param value as a configuration says it
   */
  String option(String key, String value);

  /** As a configuration has it. */
  static CsvWording ofConfiguration(Path path) {
    return new CsvWording() {
      @Override
      public String source() {
        return path.toString();
      }

      @Override
      public String option(String key, String value) {
        return "'" + key + ": " + value + "'";
      }
    };
  }
}
