package dev.ashlar.cli;

import static dev.ashlar.cli.Console.run;
import static dev.ashlar.cli.Outsider.plugin;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.cli.Console.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A plug-in over three releases: in the second a component gets another name and another default, in the third the
 * layer itself gets another name, and a component more. Its first release is there as source, as the jar that was
 * compiled against the first interface, and by a model's file that it wrote with the predictions of that model: these
 * stay as they are, whatever changes.
 */
class PluginReleasesTest {

  private static final Path KEPT = Path.of("src/test/resources/dev/ashlar/cli/releases");
  private static final Path OLD_JAR = KEPT.resolve("blends-1.jar");
  private static final Path OLD_FILE = KEPT.resolve("blends-1.safetensors");
  private static final Path OLD_PREDICTIONS = KEPT.resolve("blends-1.csv");
  private static final Path TABLE = KEPT.resolve("table.csv");

  @TempDir
  private Path folder;

  private Path config;

  @BeforeEach
  void write() throws IOException {
    config = Files.writeString(folder.resolve("run.yaml"), """
        data: {source: {csv: {path: TABLE, label: y}}}
        model: [{blend: {units: 3, share: 0.4}}, {blend: 2}, {dense: 1}]
        loss: mean_squared_error
        optimizer: {sgd: 0.01}
        train: {epochs: 2, batch: 4, seed: 1}
        """.replace("TABLE", TABLE.toAbsolutePath().toString()));
  }

  private Path release(int number) throws IOException {
    return new Outsider(folder).plugin(folder.resolve("blends-" + number + ".jar"), "blends",
        plugin("blends", number + ".0", "Blend"), Files.readString(KEPT.resolve("Blend-" + number + ".txt")));
  }

  private Path trained(Path jar, String... sets) {
    Path out = folder.resolve("out-" + jar.getFileName());
    Object[] words = {"train", config, "--out", out, "--overwrite", "--plugins", jar};
    Object[] all = java.util.Arrays.copyOf(words, words.length + 2 * sets.length);
    for (int i = 0; i < sets.length; i++) {
      all[words.length + 2 * i] = "--set";
      all[words.length + 2 * i + 1] = sets[i];
    }
    Ended ended = run(all);
    assertThat(ended.code()).as(ended.err()).isZero();
    return out.resolve("model.safetensors");
  }

  private static String predictions(Path model, Path jar) {
    Ended ended = run("predict", model, "--input", TABLE, "--plugins", jar);
    assertThat(ended.code()).as(ended.err()).isZero();
    return ended.out();
  }

  @Test
  @EnabledIfSystemProperty(named = "ashlar.releases.write", matches = "true")
  void theFirstReleaseIsWritten() throws IOException {
    Path jar = release(1);
    Files.copy(jar, OLD_JAR);
    Files.copy(trained(jar), OLD_FILE);
    Files.writeString(OLD_PREDICTIONS, predictions(OLD_FILE, OLD_JAR));
  }

  @Test
  void anOldJarRuns() throws IOException {
    assertThat(predictions(OLD_FILE, OLD_JAR)).isEqualTo(Files.readString(OLD_PREDICTIONS));
    assertThat(predictions(trained(OLD_JAR), OLD_JAR)).isEqualTo(Files.readString(OLD_PREDICTIONS));
  }

  @Test
  void anOldSourceCompilesAndRuns() throws IOException {
    Path jar = release(1);
    assertThat(predictions(trained(jar), jar)).isEqualTo(Files.readString(OLD_PREDICTIONS));
  }

  @Test
  void anOldFileMeansWhatItMeant() throws IOException {
    String before = Files.readString(OLD_PREDICTIONS);
    assertThat(predictions(OLD_FILE, release(2))).isEqualTo(before);
    assertThat(predictions(OLD_FILE, release(3))).isEqualTo(before);
  }

  @Test
  void aFileOfTheSecondReleaseMeansWhatItMeant() throws IOException {
    Path second = release(2);
    Path file = trained(second);
    String before = predictions(file, second);
    // The second layer has the new default.
    assertThat(before).isNotEqualTo(Files.readString(OLD_PREDICTIONS));
    Path third = release(3);
    assertThat(predictions(file, third)).isEqualTo(before);

    Path again = folder.resolve("again.safetensors");
    Ended converted = run("convert", file, "--dtype", "f32", "--output", again, "--plugins", third);
    assertThat(converted.code()).as(converted.err()).isZero();
    assertThat(predictions(again, third)).isEqualTo(before);
    assertThat(run("summary", again, "--plugins", second).err()).contains("the unknown layer 'blends:mix@3'",
        "made with blends 3.0; at hand is blends 2.0 (");
  }

  @Test
  void anOldConfigurationIsRead() throws IOException {
    Path second = release(2);
    assertThat(predictions(trained(second, "model[1].blend.linear=0.5"), second))
        .isEqualTo(Files.readString(OLD_PREDICTIONS));
    Path third = release(3);
    Path file = trained(third);
    assertThat(Files.readString(file.resolveSibling("config.yaml"))).contains("mix@3", "linear: 0.4", "linear: 0.25")
        .doesNotContain("blend@", "share");
  }
}
