package dev.ashlar.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every reader gives a value or a message, and soon, for all that was ever found to be of interest. */
class CorpusTest {

  private static final Duration LONG = Duration.ofSeconds(20);

  @ParameterizedTest
  @EnumSource
  void reads(Target target, @TempDir Path folder) throws IOException {
    SequencedMap<String, byte[]> inputs = new Corpus(target).inputs();
    assertThat(inputs).as("inputs").hasSizeGreaterThan(2);
    for (Map.Entry<String, byte[]> input : inputs.entrySet()) {
      assertTimeoutPreemptively(LONG, () -> {
        try {
          Checks.run(target, input.getValue(), folder);
        } catch (Throwable e) {
          throw new AssertionError(target + " and " + input.getKey(), e);
        }
      });
    }
  }
}
