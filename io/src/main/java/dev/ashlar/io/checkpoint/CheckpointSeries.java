package dev.ashlar.io.checkpoint;

import dev.ashlar.config.FileException;
import dev.ashlar.io.files.AtomicFiles;
import dev.ashlar.io.files.FileProblems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * The checkpoints of a run, each named after the updates that were made: {@code step-000000120}.
 *
 * @param folder that holds them; it need not be there
 */
public record CheckpointSeries(Path folder) {
  /** What the folder is called in that of a run. */
  public static final String FOLDER_NAME = "checkpoints";

  private static final Pattern NAME = Pattern.compile("step-([0-9]{9,18})");

  /** Where the checkpoint after so many updates is, or would be. */
  public Path at(long step) {
    return folder.resolve(String.format(Locale.ROOT, "step-%09d", step));
  }

  /** After how many updates a checkpoint of this name was made; empty if it is no such name. */
  public static OptionalLong step(Path checkpoint) {
    var name = NAME.matcher(String.valueOf(checkpoint.getFileName()));
    return name.matches() ? OptionalLong.of(Long.parseLong(name.group(1))) : OptionalLong.empty();
  }

  /**
   * All of them by their names, the newest first; whether they are whole is not looked at.
   *
   * @throws FileException if the folder cannot be read
   */
  public List<Path> newestFirst() throws FileException {
    if (!Files.isDirectory(folder)) return List.of();
    try (var all = Files.list(folder)) {
      return all.filter(path -> step(path).isPresent() && Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
          .sorted(Comparator.comparingLong((Path path) -> step(path).getAsLong()).reversed()).toList();
    } catch (IOException e) {
      throw FileProblems.reading(folder, e);
    }
  }

  /**
   * The newest that is whole.
   *
   * @param damaged is told of each newer one that is not, and why
   * @return nothing if there is none
   */
  public Optional<CheckpointFolder> newest(Consumer<FileException> damaged) throws FileException {
    for (var path : newestFirst()) {
      try {
        return Optional.of(CheckpointFolder.read(path));
      } catch (FileException e) {
        damaged.accept(e);
      }
    }
    return Optional.empty();
  }

  /** Removes what killed processes left half written. Only while no other process writes here. */
  public void sweep() throws IOException {
    if (Files.isDirectory(folder)) AtomicFiles.sweep(folder);
  }

  /**
   * Removes all but the newest of those that a run has written, and those that it has overtaken.
   *
   * @param newest the checkpoint that was written last
   * @param keep how many stay, it included
   */
  public void prune(long newest, int keep) throws IOException {
    int kept = 0;
    for (var path : newestFirst()) {
      long step = step(path).getAsLong();
      // What lies ahead is of a run that went on from a later point than this one did: it has no future here.
      if (step > newest || ++kept > keep) AtomicFiles.removeFolder(path);
    }
  }
}
