package dev.ashlar.io.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.config.FileException;
import dev.ashlar.config.Place;
import dev.ashlar.config.Value;
import dev.ashlar.io.Golden;
import dev.ashlar.io.checkpoint.CheckpointFolder.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SequencedMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints that are damaged, and disks that fail while they are written. */
class CheckpointFolderTest {
  private static final int CASES = 1000;
  private static final Value.Mapping ABOUT = (Value.Mapping) Value.of(Map.of("backend", "cpu"));

  @TempDir Path folder;

  /** Files of several sizes, one of which is empty, all of bytes that follow from the seed. */
  private static SequencedMap<String, Part> parts(long seed) {
    var random = new Random(seed);
    SequencedMap<String, Part> parts = new LinkedHashMap<>();
    for (int size : new int[] {70_000, 300_000, 200, 0}) {
      var bytes = new byte[size];
      random.nextBytes(bytes);
      parts.put("file-" + size, Part.of(bytes));
    }
    return parts;
  }

  private static CheckpointFolder write(CheckpointSeries series, long step) throws FileException {
    return CheckpointFolder.write(series.at(step), parts(step), ABOUT);
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    var series = new CheckpointSeries(folder.resolve("checkpoints"));
    var written = write(series, 7);
    var read = CheckpointFolder.read(series.at(7));
    assertThat(read.manifest()).isEqualTo(written.manifest());
    assertThat(read.manifest().about()).isEqualTo(ABOUT.placed(Place.ROOT));
    assertThat(read.files().keySet()).containsExactly("file-70000", "file-300000", "file-200", "file-0");
    for (var entry : read.files().entrySet()) {
      assertThat(Hashes.sha256(read.file(entry.getKey()).orElseThrow())).isEqualTo(entry.getValue().sha256());
    }
    assertThat(series.at(7).getFileName()).hasToString("step-000000007");
    assertThatThrownBy(() -> write(series, 7)).isInstanceOf(FileException.class);
  }

  /** A hash that is known already is not computed again, but what comes back from the disk is looked at. */
  @Test
  void aKnownHashIsTaken() throws IOException {
    var bytes = "known".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    SequencedMap<String, Part> parts = new LinkedHashMap<>();
    parts.put("best", new Part(channel -> Channels.writeAll(channel, bytes), Optional.of(Hashes.sha256(bytes))));
    CheckpointFolder.write(folder.resolve("one"), parts, ABOUT);
    assertThat(CheckpointFolder.read(folder.resolve("one")).files().get("best").sha256()).isEqualTo(Hashes.sha256(bytes));
  }

  /** What is given again is not what was written: as if the disk had lost it. */
  @Test
  void whatDoesNotComeBackFromTheDiskIsNoCheckpoint() throws IOException {
    var calls = new int[1];
    SequencedMap<String, Part> parts = new LinkedHashMap<>();
    parts.put("file", Part.of(channel -> Channels.writeAll(channel, new byte[] {1, (byte) calls[0]++, 3})));
    assertThatThrownBy(() -> CheckpointFolder.write(folder.resolve("one"), parts, ABOUT))
        .isInstanceOf(FileException.class).hasMessageContaining("other bytes came back");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void everyFlippedAndEveryMissingByteIsFound() throws IOException {
    var series = new CheckpointSeries(folder.resolve("checkpoints"));
    write(series, 1);
    write(series, 2);
    var files = new ArrayList<>(write(series, 3).files().keySet());
    files.add(Manifest.FILE_NAME);
    files.remove("file-0");
    var random = new Random(1);
    for (int i = 0; i < CASES; i++) {
      var file = series.at(3).resolve(files.get(random.nextInt(files.size())));
      var good = Files.readAllBytes(file);
      var bad = good.clone();
      String what;
      switch (random.nextInt(4)) {
        case 0 -> {
          bad = Arrays.copyOf(bad, random.nextInt(bad.length));
          what = "cut to " + bad.length;
        }
        case 1 -> {
          bad = Arrays.copyOf(bad, bad.length + 1 + random.nextInt(100));
          what = "longer by " + (bad.length - good.length);
        }
        default -> {
          int flips = 1 + random.nextInt(3);
          for (int f = 0; f < flips; f++) bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
          what = flips + " bits flipped";
        }
      }
      if (Arrays.equals(good, bad)) continue; // a bit was flipped twice
      Files.write(file, bad);
      List<FileException> told = new ArrayList<>();
      var newest = series.newest(told::add);
      assertThat(newest).as("case %d: %s %s", i, file, what).map(CheckpointFolder::path).contains(series.at(2));
      assertThat(told).hasSize(1).first().asString().contains("step-000000003", file.getFileName().toString());
      Files.write(file, good);
    }
    assertThat(series.newest(e -> { throw new AssertionError(e); }).orElseThrow().path()).isEqualTo(series.at(3));
  }

  /** Each write, sync, rename, new file and removal in turn, that alone or with all behind it. */
  @Test
  void whateverFailsTheOldOneIsThereAndTheNewOneWholeOrNot() throws IOException {
    for (boolean allBehind : new boolean[] {false, true}) {
      var disk = new FailingFiles();
      var kinds = new TreeSet<String>();
      int number = 1;
      for (boolean fails = true; fails; number++) {
        var series = new CheckpointSeries(disk.of(folder.resolve(allBehind + "-" + number)));
        write(series, 1);
        write(series, 2);
        disk.fail(number, allBehind);
        String message = "";
        try {
          write(series, 3);
          series.prune(3, 2);
        } catch (IOException e) {
          message = e.getMessage();
        }
        fails = !disk.failed().isEmpty();
        kinds.add(disk.failed());
        var as = number + ": " + disk.failed() + ", " + message;
        disk.mend();
        var newest = series.newest(e -> { throw new AssertionError(as, e); }).orElseThrow();
        // Without a word only where it did not matter, as when a folder is made that is there.
        assertThat(newest.path()).as(as).isIn(series.at(message.isEmpty() ? 3 : 2), series.at(3));
        assertThat(newest.files()).isEqualTo(CheckpointFolder.read(newest.path()).files());
        CheckpointFolder.read(series.at(2)); // as it was
        // The next one is written, and nothing is left of the one that failed.
        series.sweep();
        write(series, 4);
        series.prune(4, 2);
        try (var left = Files.list(series.folder())) {
          assertThat(left).as(as).hasSize(2);
        }
      }
      assertThat(kinds).contains("mkdir", "create", "write", "sync", "rename", "remove");
      assertThat(number).as("operations").isGreaterThan(20);
    }
  }

  @Test
  void whatIsWrongIsTold() throws IOException {
    SequencedMap<String, String> messages = new LinkedHashMap<>();
    var series = new CheckpointSeries(folder.resolve("checkpoints"));
    note(messages, "no folder", series.at(1));
    Files.createDirectories(series.at(1));
    note(messages, "an empty folder", series.at(1));
    Files.writeString(series.at(1).resolve(Manifest.FILE_NAME), "{}");
    note(messages, "another manifest", series.at(1));
    write(series, 2);
    Files.delete(series.at(2).resolve("file-200"));
    note(messages, "a missing file", series.at(2));
    write(series, 3);
    Files.write(series.at(3).resolve("file-200"), new byte[199]);
    note(messages, "a shorter file", series.at(3));
    Files.write(series.at(3).resolve("file-200"), new byte[200]);
    note(messages, "another file of that length", series.at(3));
    Files.writeString(folder.resolve("file"), "");
    note(messages, "a file", folder.resolve("file"));
    Golden.check("dev/ashlar/io/checkpoint/bad.txt", messages);
  }

  private void note(Map<String, String> messages, String title, Path path) {
    assertThatThrownBy(() -> CheckpointFolder.read(path)).isInstanceOf(FileException.class).satisfies(e ->
        messages.put(title, e.getMessage().replace(folder.toString(), "DIR")));
  }
}
