package dev.ashlar.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The code in the guide for plug-ins is code that other tests compile and run. */
class PluginGuideTest {

  private static final Path GUIDE = Path.of("../docs/plugins.md");
  private static final Path RELEASE = Path.of("src/test/resources/dev/ashlar/cli/releases/Blend-3.txt");
  private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  @Test
  void codeIsThatOfTheProjectOrOfTheRelease() throws IOException {
    String written;
    try (InputStream in = PluginGuideTest.class.getResourceAsStream("plugin/plugin.txt")) {
      written = plain(new String(in.readAllBytes(), StandardCharsets.UTF_8)) + plain(Files.readString(RELEASE));
    }
    List<String> blocks = BLOCK.matcher(Files.readString(GUIDE)).results().map((MatchResult block) -> block.group(1))
        .toList();
    assertThat(blocks).isNotEmpty().allSatisfy(block -> assertThat(written).contains(plain(block)));
  }

  private static String plain(String code) {
    return code.replaceAll("\\s+", " ").strip();
  }
}
