package dev.ashlar.training;

import dev.ashlar.api.Stable;
import java.nio.file.Path;
import java.util.List;

/** Is told how training and measuring go on, by the thread that does it. Every method has a default. */
@Stable
public interface TrainingListener {

  /** Hears nothing. */
  TrainingListener SILENT = new TrainingListener() {};

  /** All is compiled; the first epoch begins, or that in which the run goes on. */
  default void started(TrainingStart start) {}

  /**
   * The run goes on from a checkpoint; heard before {@link #started}.
   *
   * @param step number of updates that were made
   */
  default void resumed(long step) {}

  /**
   * A step is done. Called often: should take no time and allocate nothing.
   *
   * @param step number of updates made so far, from 1
   * @param loss of its batch, before the update
   */
  default void step(long step, double loss) {}

  /**
   * A step is done; by default {@link #step(long, double)} hears it. Called as often.
   *
   * @param learningRate of the update, as the optimizer's schedule has it; NaN where it says none
   */
  default void step(long step, double loss, double learningRate) {
    step(step, loss);
  }

  /**
   * A batch of some data is measured: called often, like {@link #step}.
   *
   * @param examples measured so far
   * @param all examples that are measured
   */
  default void measured(long examples, long all) {}

  /** An epoch is done and evaluated. */
  default void epoch(EpochReport report) {}

  /**
   * An epoch is done and evaluated; by default {@link #epoch(EpochReport)} hears it.
   *
   * @param model as it is now, to be used until this returns, and not to be closed
   */
  default void epoch(EpochReport report, Model model) {
    epoch(report);
  }

  /**
   * A checkpoint was written and read back.
   *
   * @param step number of updates that it has
   * @param folder of it
   */
  default void checkpoint(long step, Path folder) {}

  /**
   * Something that whoever runs this should know, and that does not stop it. What is seen of the run itself, such as a
   * loss that does not fall, is told once.
   *
   * @param step number of updates made so far
   * @param kind what about, in words that stay the same: {@code checkpoint}, {@code not_learning}
   * @param message what it is and what helps, of one or several lines
   */
  default void warning(long step, String kind, String message) {}

  /**
   * The run goes back to an earlier state, since something was not finite; what was told of the steps behind it is void.
   *
   * @param step number of updates that were made then; their evaluation, if there was one, counts
   */
  default void wentBack(long step) {}

  /**
   * All updates are made, and an earlier model takes the place of the last.
   *
   * @param model the last one, to be used until this returns, and not to be closed
   */
  default void replaced(Model model) {}

  /** The run is over. */
  default void ended(TrainingEnd end) {}

  /** A model of text has written something, where the run is to show that. */
  default void sample(String text) {}

  /** Tells each of these, in order, all that it hears. */
  static TrainingListener all(List<TrainingListener> listeners) {
    return listeners.size() == 1 ? listeners.getFirst() : new ListeningTogether(listeners);
  }
}
