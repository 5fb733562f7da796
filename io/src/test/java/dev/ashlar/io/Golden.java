package dev.ashlar.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Compares messages with a file of those that users are known to get. Run with {@code -Dgolden=write} to
 * write the file anew, then read what changed.
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
      if ("write".equals(System.getProperty("golden"))) {
        Files.writeString(Path.of("src/test/resources", resource), text);
      }
      try (var in = Golden.class.getResourceAsStream("/" + resource)) {
        assertThat(in).as("resource " + resource).isNotNull();
        assertThat(text).isEqualTo(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
