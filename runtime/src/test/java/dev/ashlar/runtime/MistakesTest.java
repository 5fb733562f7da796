package dev.ashlar.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.config.ConfigException;
import dev.ashlar.plugin.Registry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What users are told. Each file holds a configuration, a line of dashes, and the message; comments in the
 * configuration that begin with {@value #SET} are options; the one environment variable is ASHLAR_TABLES. With {@code -Dashlar.golden.update=true} the messages are
 * written anew, to be read before they are committed.
 */
class MistakesTest {

  private static final Path FOLDER = Path.of("src/test/resources/dev/ashlar/runtime/mistakes");
  private static final String DASHES = "----\n";
  private static final String SET = "# --set ";

  static Stream<Path> files() throws IOException {
    return Files.list(FOLDER).filter(file -> file.toString().endsWith(".txt")).sorted();
  }

  @ParameterizedTest
  @MethodSource("files")
  void isTold(Path file) throws IOException {
    String text = Files.readString(file);
    String yaml = text.substring(0, text.indexOf(DASHES));
    String told = told(yaml);
    if (Boolean.getBoolean("ashlar.golden.update")) {
      Files.writeString(file, yaml + DASHES + told);
    }
    assertThat(told).as(file.toString()).isEqualTo(text.substring(yaml.length() + DASHES.length()));
  }

  private static String told(String yaml) throws IOException {
    try {
      List<Replacement> replacements = yaml.lines().filter(line -> line.startsWith(SET))
          .map(line -> Replacement.parse(line.substring(SET.length()))).toList();
      PreparedRun.of(Configuration.read(Yaml.parse(yaml, "run.yaml"), Map.of("ASHLAR_TABLES", "."), replacements,
          FOLDER, Registry.discover())).close();
      return "nothing is wrong\n";
    } catch (ConfigException e) {
      return e.getMessage().replace(Path.of("").toAbsolutePath().toString(), "HERE") + "\n";
    }
  }
}
