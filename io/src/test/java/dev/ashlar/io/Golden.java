package dev.ashlar.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Compares messages with a file of those that users are known to get. Run with {@code
 * -Dashlar.golden.update=true} to write the file anew, then read what changed.
 */
public final class Golden {
  private Golden() {}

  /**
   * Checks them all at once.
   *
   * @param resource path below the test resources
   * @param messages by what was wrong
   */
  public static void check(String resource, Map<String, String> messages) {
    var text = messages.entrySet().stream()
        .map(e -> "# " + e.getKey() + "\n" + e.getValue() + "\n")
        .collect(Collectors.joining("\n"));
    try {
      if (Boolean.getBoolean("ashlar.golden.update")) {
        Files.writeString(Path.of("src/test/resources", resource), text);
      }
      assertThat(text).as(resource).isEqualTo(Files.readString(Path.of("src/test/resources", resource)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
