package dev.ashlar.runtime;

import dev.ashlar.config.FileException;
import dev.ashlar.config.Value;
import dev.ashlar.io.checkpoint.CheckpointSeries;
import dev.ashlar.io.checkpoint.Manifest;
import dev.ashlar.io.files.AtomicFiles;
import dev.ashlar.io.files.FileProblems;
import dev.ashlar.plugin.Registry;
import dev.ashlar.program.Backend;
import dev.ashlar.training.Checkpoint;
import dev.ashlar.training.TrainingListener;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A run that was interrupted, in its folder.
 *
 * @param claim to the folder
 * @param from what it goes on from; nothing if it has not come to a checkpoint
 * @param damaged newer checkpoints that are not whole, with the reasons
 */
record Resumption(RunFolder.Claim claim, Optional<Checkpoint> from, List<FileException> damaged) {

  /**
   * Finds a run, and keeps other processes away from it.
   *
   * @param given the folder of a run, or a checkpoint in it
   * @throws FileException if there is none, another process trains it, or none of its checkpoints is whole
   */
  static Resumption of(Path given) throws FileException {
    Path found = RunFolder.meant(given);
    Optional<Path> wanted = checkpoint(found);
    Path folder = wanted.map(path -> path.toAbsolutePath().normalize().getParent().getParent()).orElse(found);
    RunFolder run = RunFolder.of(wanted.isPresent() ? relative(given, folder) : folder);
    if (!RunFolder.isRun(run.path()) || !Files.exists(run.configuration())) {
      throw RunFolder.none(given, "the folder of a run, with its " + RunFolder.CONFIGURATION);
    }
    RunLock lock = RunLock.of(run.path());
    try {
      requireWritable(run);
      CheckpointSeries series = new CheckpointSeries(run.checkpoints());
      sweep(run, series);
      if (wanted.isPresent() && !Files.isDirectory(wanted.get())) {
        List<String> names = series.newestFirst().stream().map(path -> path.getFileName().toString()).toList();
        throw FileException.at(given.toString(), "no such checkpoint",
            names.isEmpty() ? "a run with checkpoints" : "one of " + String.join(", ", names), "");
      }
      List<FileException> damaged = new ArrayList<>();
      Optional<Checkpoint> from = wanted.isPresent() ? Optional.of(Checkpoint.read(wanted.get()))
          : Checkpoint.newest(run.checkpoints(), damaged::add);
      if (from.isEmpty() && !damaged.isEmpty()) {
        throw noneWhole(run, damaged);
      }
      return new Resumption(new RunFolder.Claim(run, List.of(), lock), from, damaged);
    } catch (FileException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /** What it will not be able to keep it need not compute. */
  private static void requireWritable(RunFolder run) throws FileException {
    for (Path folder : List.of(run.path(), run.checkpoints())) {
      if (Files.isDirectory(folder) && !Files.isWritable(folder)) {
        throw FileProblems.writing(folder, new AccessDeniedException(folder.toString()));
      }
    }
  }

  private static FileException noneWhole(RunFolder run, List<FileException> damaged) {
    return FileException.at(run.checkpoints().toString(),
        damaged.size() == 1 ? "one checkpoint, which is damaged" : damaged.size() + " checkpoints, all damaged",
        "one that is whole", "begin anew: 'ashlar train " + run.configuration() + "'; of the newest was found:\n"
            + damaged.getFirst().getMessage());
  }

  /** As the user named it, where that can be. */
  private static Path relative(Path given, Path folder) {
    Path parent = given.getParent() == null ? null : given.getParent().getParent();
    return parent == null ? folder : parent;
  }

  private static Optional<Path> checkpoint(Path given) {
    Path parent = given.toAbsolutePath().normalize().getParent();
    boolean isOne = CheckpointSeries.step(given).isPresent() && parent != null
        && parent.getFileName() != null && parent.getFileName().toString().equals(CheckpointSeries.FOLDER_NAME)
        || Files.exists(given.resolve(Manifest.FILE_NAME));
    return isOne && parent != null && parent.getParent() != null ? Optional.of(given) : Optional.empty();
  }

  private static void sweep(RunFolder run, CheckpointSeries series) throws FileException {
    try {
      AtomicFiles.sweep(run.path());
      series.sweep();
    } catch (IOException e) {
      throw FileProblems.writing(run.path(), e);
    }
  }

  long step() {
    return from.map(Checkpoint::step).orElse(0L);
  }

  /** Whether the run has come to its end, and nothing is said now that would prolong it. */
  boolean isFinished(Configuration configuration, Registry plugins) throws FileException {
    RunFolder run = claim.folder();
    if (from.isEmpty() || !Files.exists(run.model()) || !Files.exists(run.metrics())) {
      return false;
    }
    List<Value.Mapping> events = RunEvents.read(run.metrics());
    boolean isOver = !events.isEmpty() && RunEvents.text(events.getLast(), "type").equals(RunEvents.END)
        && List.of("finished", "stopped").contains(RunEvents.text(events.getLast(), "reason"));
    return isOver && Leaves.changes(Origin.of(from.get().about()).configuration(),
        configuration.whole(run.path(), plugins)).isEmpty();
  }

  /** Tells what has changed since the run began. */
  void tell(Configuration configuration, Backend backend, Registry plugins, List<DataFile> data,
      TrainingListener listener) {
    for (FileException e : damaged) {
      listener.warning(step(), "damaged", "a checkpoint is damaged; the newest that is whole is that after step "
          + step() + "\n" + e.getMessage());
    }
    if (from.isEmpty()) {
      listener.warning(0, "resume", "there is no checkpoint yet: the run begins anew");
      return;
    }
    Origin now = Origin.of(configuration.whole(claim.folder().path(), plugins), backend.name(), plugins, data);
    Origin before = Origin.of(from.get().about());
    List<String> changes = before.changes(now);
    if (before.hasOtherData(now) && now.configuration().get("data") instanceof Value.Mapping said
        && said.get("split") != null) {
      changes.add("the parts are drawn anew from what the data are now: what validation and test have now may have been"
          + " learnt from before, and figures from before are of other examples");
    }
    if (!changes.isEmpty()) {
      listener.warning(step(), "resume", "what comes of it is not what an uninterrupted run would have come to:\n  "
          + String.join("\n  ", changes));
    }
  }
}
