package dev.ashlar.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every file under {@code mistakes} is a configuration, a line of dashes, and what the user is told. */
class MistakesTest {
  private static final String BETWEEN = "\n----\n";

  @TestFactory
  Stream<DynamicTest> eachMistakeIsTold() throws IOException {
    return Golden.files("mistakes").stream()
        .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> isTold(file)));
  }

  @Test
  void thereAreAsManyCasesAsRules() throws IOException {
    assertThat(Golden.files("mistakes")).hasSizeGreaterThanOrEqualTo(40);
  }

  private void isTold(Path file) throws IOException {
    var configuration = Files.readString(file).split(BETWEEN, 2)[0];
    String told;
    try {
      told = switch (Fixtures.binder().bind(Value.parse(configuration, "run.yaml"), Fixtures.Run.class)) {
        case BindResult.Bound<Fixtures.Run>(var run) -> throw new AssertionError("bound: " + run);
        case BindResult.Refused<Fixtures.Run>(var problems) -> Problem.render(problems);
      };
    } catch (ConfigException unreadable) {
      told = unreadable.getMessage();
    }
    Golden.compare(file, configuration + BETWEEN + told + "\n");
  }
}
