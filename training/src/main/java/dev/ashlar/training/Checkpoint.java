package dev.ashlar.training;

import dev.ashlar.api.Stable;
import dev.ashlar.config.FileException;
import dev.ashlar.config.Value;
import dev.ashlar.io.checkpoint.CheckpointFolder;
import dev.ashlar.io.checkpoint.CheckpointSeries;
import dev.ashlar.io.json.Json;
import dev.ashlar.io.model.ModelFile;
import dev.ashlar.io.safetensors.SafeTensors;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** The state of a run after an update, in a folder all of whose files are as they were written. */
@Stable
public final class Checkpoint {

  static final String SLOTS = "slots.safetensors";
  static final String BEST = "best.safetensors";
  static final String STATE = "state.json";

  private final CheckpointFolder folder;
  private final RunState state;

  private Checkpoint(CheckpointFolder folder, RunState state) {
    this.folder = folder;
    this.state = state;
  }

  /**
   * Reads a checkpoint, every byte of it.
   *
   * @throws FileException if a byte is not as it was written; names the file
   */
  public static Checkpoint read(Path path) throws FileException {
    return of(CheckpointFolder.read(path));
  }

  /**
   * The newest in a folder that is whole.
   *
   * @param damaged is told of each newer one that is not, and why
   * @return nothing if there is none
   */
  public static Optional<Checkpoint> newest(Path folder, Consumer<FileException> damaged) throws FileException {
    Optional<CheckpointFolder> newest = new CheckpointSeries(folder).newest(damaged);
    return newest.isPresent() ? Optional.of(of(newest.get())) : Optional.empty();
  }

  private static Checkpoint of(CheckpointFolder folder) throws FileException {
    Path file = required(folder, STATE);
    required(folder, SLOTS);
    required(folder, ModelFile.FILE_NAME);
    return new Checkpoint(folder, RunState.of(Json.read(file), file.toString()));
  }

  private static Path required(CheckpointFolder folder, String name) throws FileException {
    Optional<Path> file = folder.file(name);
    if (file.isEmpty()) {
      throw FileException.at(folder.path().toString(), "no " + name + " among its files", "a checkpoint of a run", "");
    }
    return file.get();
  }

  /** The folder. */
  public Path path() {
    return folder.path();
  }

  /** Updates that were made. */
  public long step() {
    return state.steps();
  }

  /** What it says of how it came about. */
  public Value.Mapping about() {
    return folder.manifest().about();
  }

  RunState state() {
    return state;
  }

  /** What the model was, as a file that is a model of its own. */
  SafeTensors model() throws FileException {
    return SafeTensors.open(folder.path().resolve(ModelFile.FILE_NAME));
  }

  /** What else there was: the optimizer's memory, counters, sums. */
  SafeTensors slots() throws FileException {
    return SafeTensors.open(folder.path().resolve(SLOTS));
  }

  /** The best model so far, if that is another. */
  Optional<SafeTensors> best() throws FileException {
    Optional<Path> file = folder.file(BEST);
    return file.isPresent() ? Optional.of(SafeTensors.open(file.get())) : Optional.empty();
  }
}
