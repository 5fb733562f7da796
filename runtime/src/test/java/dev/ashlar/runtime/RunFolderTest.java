package dev.ashlar.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the folder of a run that cannot be written. */
class RunFolderTest {

  @TempDir
  private Path folder;

  private static void fail(RunFolder wanted) {
    assertThatThrownBy(() -> wanted.write(claimed -> {
      Files.writeString(claimed.model(), "half");
      throw new IOException("No space left on device");
    })).isInstanceOf(IOException.class);
  }

  @Test
  void nothingIsLeftOfANewOne() throws IOException {
    fail(RunFolder.of(folder.resolve("runs/wide")));
    assertThat(folder.resolve("runs")).doesNotExist();

    fail(RunFolder.named(folder.resolve("runs"), Path.of("iris.yaml")));
    assertThat(folder.resolve("runs")).isEmptyDirectory();
  }

  @Test
  void whatElseIsThereStays() throws IOException {
    Path notes = Files.writeString(folder.resolve("notes.txt"), "mine");
    fail(RunFolder.of(folder));
    assertThat(folder.toFile().list()).containsExactly("notes.txt");
    assertThat(notes).hasContent("mine");

    Files.writeString(folder.resolve(RunFolder.CONFIGURATION), "earlier");
    fail(RunFolder.of(folder).overwriting());
    assertThat(folder.resolve(RunFolder.CONFIGURATION)).hasContent("earlier");
  }

  @Test
  void itIsToldWhereTheRunIs() throws IOException {
    RunFolder wanted = RunFolder.named(folder, Path.of("iris.yaml"));
    for (String name : new String[] {"iris", "iris-2", "iris-3"}) {
      RunFolder claimed = wanted.write(run -> Files.writeString(run.model(), ""));
      assertThat(claimed.path()).isEqualTo(folder.resolve(name));
    }
  }
}
