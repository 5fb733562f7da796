package dev.ashlar.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.config.FileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the folder of a run. */
class RunFolderTest {

  private static final LocalDateTime NOON = LocalDateTime.of(2026, 3, 9, 12, 5, 7);

  @TempDir
  private Path folder;

  @Test
  void nothingIsLeftOfARunThatComesToNothing() throws IOException {
    RunFolder.of(folder.resolve("runs/wide")).claim().abandon();
    assertThat(folder.resolve("runs")).doesNotExist();

    RunFolder.named(folder.resolve("runs"), Path.of("iris.yaml"), NOON).claim().abandon();
    assertThat(folder.resolve("runs")).isEmptyDirectory();
  }

  @Test
  void whatElseIsThereStays() throws IOException {
    Path notes = Files.writeString(folder.resolve("notes.txt"), "mine");
    RunFolder.of(folder).claim().abandon();
    assertThat(folder.toFile().list()).containsExactly("notes.txt");

    Files.writeString(folder.resolve(RunFolder.CONFIGURATION), "earlier");
    Files.createDirectories(folder.resolve("checkpoints/step-000000001"));
    RunFolder.of(folder).overwriting().claim().abandon();
    assertThat(folder.resolve(RunFolder.CONFIGURATION)).hasContent("earlier");
    RunFolder.of(folder).clear();
    assertThat(folder.toFile().list()).containsExactly("notes.txt");
    assertThat(notes).hasContent("mine");
  }

  @Test
  void runsAreNamedByTimeAndNumbered() throws IOException {
    RunFolder wanted = RunFolder.named(folder, Path.of("iris.yaml"), NOON);
    for (String name : new String[] {"iris-2026-03-09-120507", "iris-2026-03-09-120507-2", "iris-2026-03-09-120507-3"}) {
      try (RunFolder.Claim claim = wanted.claim()) {
        assertThat(claim.folder().path()).isEqualTo(folder.resolve(name));
        Files.writeString(claim.folder().configuration(), "");
      }
    }
    assertThat(RunFolder.newest(folder.resolve("iris"))).contains(folder.resolve("iris-2026-03-09-120507-3"));
    RunFolder later = RunFolder.named(folder, Path.of("iris.yaml"), NOON.plusSeconds(1));
    Files.writeString(Files.createDirectory(later.path()).resolve("config.yaml"), "");
    Files.createDirectories(folder.resolve("iris-wide-2026-03-10-120507"));
    assertThat(RunFolder.newest(folder.resolve("iris"))).contains(folder.resolve("iris-2026-03-09-120508"));
    assertThat(RunFolder.newest(folder.resolve("none"))).isEmpty();
  }

  @Test
  void twoDoNotTrainInOneFolder() throws IOException {
    try (RunFolder.Claim first = RunFolder.of(folder).claim()) {
      assertThat(RunLock.isHeld(folder)).isTrue();
      assertThatThrownBy(() -> RunFolder.of(folder).claim()).isInstanceOf(FileException.class)
          .hasMessageContaining("a run that goes on there just now");
      assertThat(first.folder().path()).isEqualTo(folder);
    }
    assertThat(RunLock.isHeld(folder)).isFalse();
    assertThat(folder).isEmptyDirectory();
  }
}
