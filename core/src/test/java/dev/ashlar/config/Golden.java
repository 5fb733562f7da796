package dev.ashlar.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Texts that are compared whole. {@code -Dashlar.golden.update=true} writes them anew, to be read in the
 * diff.
 */
final class Golden {
  private static final Path ROOT = Path.of("src/test/resources/dev/ashlar/config");
  private static final boolean UPDATE = Boolean.getBoolean("ashlar.golden.update");

  private Golden() {}

  static List<Path> files(String folder) throws IOException {
    try (var files = Files.list(ROOT.resolve(folder))) {
      return files.sorted().toList();
    }
  }

  static void compare(Path file, String actual) throws IOException {
    if (UPDATE) Files.writeString(file, actual);
    var expected = Files.readString(file);
    assertThat(actual).as("%s; update with -Dashlar.golden.update=true", file).isEqualTo(expected);
  }

  static void compare(String name, String actual) throws IOException {
    compare(ROOT.resolve(name), actual);
  }
}
