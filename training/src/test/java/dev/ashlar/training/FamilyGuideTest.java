package dev.ashlar.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The test that docs/model-families.md shows is this one. */
class FamilyGuideTest {

  private static final Pattern SHOWN = Pattern.compile("(?s)```java\n(class Phi3Test .*?)```");

  @Test
  void isWhatTheGuideShows() throws IOException {
    Matcher shown = SHOWN.matcher(Files.readString(Path.of("..", "docs", "model-families.md")));
    assertThat(shown.find()).isTrue();
    assertThat(Files.readString(Path.of("src/test/java/dev/ashlar/training/Phi3Test.java"))).endsWith(shown.group(1));
  }
}
