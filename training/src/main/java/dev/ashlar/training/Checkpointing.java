package dev.ashlar.training;

import dev.ashlar.api.Stable;
import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import java.time.Duration;
import java.util.Optional;

/**
 * When the state of a run is written, for those runs that have a place for it.
 *
 * @param minutes of training between two checkpoints; 0 for none but those at the end and at an interruption
 * @param steps updates between two checkpoints, in place of minutes
 * @param keep how many stay; the best model so far is part of each
 * @param onFailure what happens when one cannot be written; those before it are untouched
 * @param atEnd whether the state at the end of the run is written, from which a finished run can be prolonged
 */
@Stable
@Name("checkpoint")
public record Checkpointing(
    @Range(atLeast = 0) @Default("10") @Doc("minutes between two checkpoints; 0: only at the end and when interrupted")
        double minutes,
    @Range(atLeast = 1) @Doc("updates between two checkpoints, in place of minutes") Optional<Integer> steps,
    @Range(atLeast = 1) @Default("2") @Doc("how many of the last stay; the best model is part of each") int keep,
    @Default("continue") @Doc("what a run does when a checkpoint cannot be written: continue or stop")
        OnFailure onFailure,
    @Default("true") @Doc("whether the last state is written too, so that a finished run can be prolonged")
        boolean atEnd) {

  /** As configurations have it that say nothing. */
  public static final Checkpointing STANDARD = new Checkpointing(10, Optional.empty(), 2, OnFailure.CONTINUE, true);

  private static final double NANOS = 60e9;

  /** What happens when a checkpoint cannot be written. */
  public enum OnFailure {
    /** That is told, the run goes on, and the next one is tried when it is due. */
    CONTINUE,
    /** The run fails. */
    STOP
  }

  /** Checks the numbers. */
  public Checkpointing {
    if (keep < 1 || !(minutes >= 0) || steps.orElse(1) < 1) {
      throw new IllegalArgumentException("0 minutes or more, 1 step or more, and 1 checkpoint or more to keep");
    }
  }

  /** After every so many updates. */
  public Checkpointing withSteps(int updates) {
    return new Checkpointing(minutes, Optional.of(updates), keep, onFailure, atEnd);
  }

  /** After every so much time. */
  public Checkpointing withTime(Duration time) {
    return new Checkpointing(time.toNanos() / NANOS, Optional.empty(), keep, onFailure, atEnd);
  }

  /** With so many that stay. */
  public Checkpointing withKept(int checkpoints) {
    return new Checkpointing(minutes, steps, checkpoints, onFailure, atEnd);
  }

  /** With another way on when one cannot be written. */
  public Checkpointing withOnFailure(OnFailure other) {
    return new Checkpointing(minutes, steps, keep, other, atEnd);
  }

  /** Whether it is time, so many nanoseconds after the last one. */
  boolean isDue(long step, long nanos) {
    return steps.isPresent() ? step % steps.get() == 0 : minutes > 0 && nanos >= minutes * NANOS;
  }
}
