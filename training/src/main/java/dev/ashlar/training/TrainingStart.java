package dev.ashlar.training;

import dev.ashlar.api.Stable;
import java.util.OptionalDouble;

/**
 * What is about to be trained.
 *
 * @param parameters trained numbers in the model
 * @param examples to learn from
 * @param examplesPerStep that an update is made of, at most
 * @param epochs to come, or whatever else the model is measured after
 * @param steps to come, in all epochs
 * @param byEpoch whether an epoch is all examples once; if not, it is so many steps
 * @param work of an example
 * @param peak floating-point operations a second that the backend does at most, if it says; only where examples are
 *     sequences of tokens, of which such shares are told
 * @param backend what runs it and why, in one line
 */
@Stable
public record TrainingStart(
    long parameters, long examples, int examplesPerStep, int epochs, long steps, boolean byEpoch, Work work, OptionalDouble peak,
    String backend) {

  /** Steps of a run that are written down, about. */
  private static final long NOTED = 1000;

  /** Whether a step is one of those that are written down: about a thousand of a run, evenly taken. */
  public boolean isNoted(long step) {
    return step % Math.max(1, steps / NOTED) == 0;
  }
}
