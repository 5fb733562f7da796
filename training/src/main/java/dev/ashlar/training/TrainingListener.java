package dev.ashlar.training;

/** Is told how training and measuring go on, by the thread that does it. Every method has a default. */
public interface TrainingListener {

  /** Hears nothing. */
  TrainingListener SILENT = new TrainingListener() {};

  /** All is compiled; the first epoch begins. */
  default void started(TrainingStart start) {}

  /**
   * A step is done. Called often: should take no time and allocate nothing.
   *
   * @param step number of updates made so far, from 1
   * @param loss of its batch, before the update
   */
  default void step(long step, double loss) {}

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
   * Something looks wrong, though the run goes on. Each kind is told once in a run.
   *
   * @param step number of updates made so far
   * @param kind what about, in lower case with underscores: {@code overfitting}
   * @param message what is seen, then what to do
   */
  default void warning(long step, String kind, String message) {}

  /**
   * A callback ended the run before its time.
   *
   * @param step number of updates made
   * @param reason a clause, which begins with the callback's name
   */
  default void stopped(long step, String reason) {}

  /** A model of text has written something, where the run is to show that. */
  default void sample(String text) {}
}
