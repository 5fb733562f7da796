package dev.ashlar.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.plugin.Registry;
import dev.ashlar.program.Backend;
import dev.ashlar.reference.ReferenceSettings;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunsTest {

  private final Runs runs = new Runs(Registry.discover());

  private Configuration configuration(String backend) {
    String yaml = """
        data: {source: {csv: {path: six.csv, label: label}}}
        model: [{dense: 2}]
        loss: cross_entropy
        optimizer: {sgd: 0.1}
        """ + backend;
    return Configuration.of(Yaml.parse(yaml, "run.yaml"), Path.of(""), runs.plugins());
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "                                        | cpu",
    "backend: cpu                            | cpu",
    "backend: {cpu: {threads: 2}}            | cpu",
    "backend: reference                      | reference",
    "backend: 'core:reference'               | reference",
    "backend: {reference: {checked: true}}   | reference",
  })
  void theBackendIsTheOneThatIsNamed(String line, String name) {
    try (Backend backend = runs.backend(configuration(line == null ? "" : line)).open()) {
      assertThat(backend.name()).isEqualTo(name);
    }
  }

  @Test
  void settingsOfTheReferenceAreRead() {
    assertThat(runs.backend(configuration("backend: {reference: true}"))).isEqualTo(new ReferenceSettings(true));
  }
}
