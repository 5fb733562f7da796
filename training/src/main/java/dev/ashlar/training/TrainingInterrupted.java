package dev.ashlar.training;

import dev.ashlar.api.Stable;
import java.nio.file.Path;
import java.util.Optional;

/** A run was interrupted, or asked to stop, and did so after an update. */
@Stable
public final class TrainingInterrupted extends InterruptedException {
  private static final long serialVersionUID = 1;

  private final long step;
  private final transient Optional<Path> checkpoint;

  TrainingInterrupted(long step, Optional<Path> checkpoint, String message) {
    super(message);
    this.step = step;
    this.checkpoint = checkpoint;
  }

  /** Updates that were made. */
  public long step() {
    return step;
  }

  /** The checkpoint that the run can go on from; empty if there is none. */
  public Optional<Path> checkpoint() {
    return checkpoint;
  }
}
