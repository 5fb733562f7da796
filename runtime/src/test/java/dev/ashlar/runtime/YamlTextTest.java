package dev.ashlar.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.config.Place;
import dev.ashlar.config.Value;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class YamlTextTest {

  @TempDir
  private Path folder;

  private void readsBack(Value.Mapping tree) throws Exception {
    Path file = Files.writeString(folder.resolve("tree.yaml"), YamlText.of(tree));
    assertThat(Yaml.read(file).placed(Place.ROOT)).hasToString(tree.toString());
  }

  @Test
  void whatFitsOnALineIsOnOne() {
    assertThat(YamlText.of((Value.Mapping) Value.parse("{a: {b: [1, 2]}, c: {}}", "tree")))
        .isEqualTo("a: {b: [1, 2]}\nc: {}\n");
    String word = "x".repeat(50);
    assertThat(YamlText.of((Value.Mapping) Value.parse("{a: {b: [" + word + ", " + word + "], c: " + word + "}}", "tree")))
        .isEqualTo("a:\n  b: [" + word + ", " + word + "]\n  c: " + word + "\n");
  }

  /** Each level twice would be for ever. */
  @Test
  @Timeout(20)
  void aDeepTreeTakesNoLonger() throws Exception {
    String word = "x".repeat(60);
    String tree = "[" + word + ", " + word + "]";
    for (int level = 0; level < 45; level++) {
      tree = "{residual" + level + ": [" + tree + ", relu]}";
    }
    readsBack((Value.Mapping) Value.parse(tree, "tree"));
  }
}
