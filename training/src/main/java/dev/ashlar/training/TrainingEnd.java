package dev.ashlar.training;

import dev.ashlar.api.Stable;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * How a run ended.
 *
 * @param reason why
 * @param message what whoever ran it was told; may be empty
 * @param step number of updates made
 * @param keptEpoch whose model was kept, from 1; 0 if none was measured
 * @param measures of the model that was kept, by part of the data; empty if it did not come to that
 */
@Stable
public record TrainingEnd(
    Reason reason, String message, long step, int keptEpoch, SequencedMap<String, Measures> measures) {

  /** Why a run ends. */
  public enum Reason {
    /** All updates are made. */
    FINISHED,
    /** It got no better any more, or a callback ended it. */
    STOPPED,
    /** Whoever runs it wanted so. */
    INTERRUPTED,
    /** Something went wrong. */
    FAILED
  }

  /** Without measures. */
  TrainingEnd(Reason reason, String message, long step, int keptEpoch) {
    this(reason, message, step, keptEpoch, new LinkedHashMap<>());
  }
}
