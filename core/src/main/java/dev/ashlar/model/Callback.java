package dev.ashlar.model;

import dev.ashlar.api.Stable;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.TensorType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * Follows a training run, and has a say in it: it may end it, scale its updates, warn, and say which average of the
 * weights is measured and kept. A callback is an immutable record, as all components are; what it remembers of a run is
 * in the {@link Watcher} that it begins for that run.
 *
 * <p>Losses and measures are the same in every run with the same seed, so what is decided by them is too, and a run that
 * was resumed goes on exactly if {@link Watcher#state} holds all that the watcher remembers. A callback that goes by
 * anything else, such as a clock, says so in its documentation.
 */
@Stable
@FunctionalInterface
public interface Callback {

  /**
   * Begins to follow a run.
   *
   * @param run what is known of it and can be asked of it, until its end
   */
  Watcher begin(Run run);

  /** Names of the measures that it goes by, {@code loss} or metrics: a run in which one is not measured is refused. */
  default List<String> measures() {
    return List.of();
  }

  /** Whether it calls {@link Run#scaleUpdates}: the program of such a run has a place for the factor. */
  default boolean scalesUpdates() {
    return false;
  }

  /**
   * The memory of a moving average of the weights, and of running statistics that belong to them, which then is what is
   * measured and kept: after each update the average becomes {@code memory * average + (1 - memory) * weights}. Empty
   * unless the callback averages; at most one of a run does.
   */
  default Optional<Schedule> averaging() {
    return Optional.empty();
  }

  /** What a callback knows of its run and may ask of it. Belongs to the thread that trains. */
  interface Run {

    /** Updates in all, unless it ends early. */
    long steps();

    /** How often the model is measured in all: epochs, unless the run says otherwise. */
    int epochs();

    /** The measure by which the run tells its best epoch: {@code loss} or a metric. */
    String monitor();

    /** Whether more of a measure is better. */
    boolean largerIsBetter(String measure);

    /** Names and types of the model's parameters and running statistics. */
    SequencedMap<String, TensorType> variables();

    /**
     * A copy of a parameter or running statistic as it is now.
     *
     * @throws IllegalArgumentException if there is no such variable
     */
    NDArray read(String variable);

    /**
     * Ends the run: after the step if a step asks for it, with the model measured once more. The first reason counts.
     *
     * @param reason a clause, without the callback's name: {@code no better loss in 3 epochs}
     */
    void stop(String reason);

    /**
     * Makes every update from now on so many times as large, which is what a learning rate of so many times the size
     * does. Lasts until it is called again, and across a resume.
     *
     * @param factor 1 at the start of a run
     * @throws IllegalStateException unless {@link Callback#scalesUpdates}
     */
    void scaleUpdates(double factor);

    /**
     * Warns the user; once for each kind.
     *
     * @param kind what about, in lower case with underscores: {@code overfitting}
     * @param message what is seen, then what to do
     */
    void warn(String kind, String message);
  }

  /** What follows one run. Every method has a default. Belongs to the thread that trains. */
  interface Watcher {

    /**
     * An update was made. Called often: should take no time and allocate nothing. A run that goes back to an earlier
     * state, since something was not finite, makes the steps behind it again, and they are heard again.
     *
     * @param step number of updates made so far, from 1
     * @param loss of its examples, before the update
     */
    default void step(long step, double loss) {}

    /** An epoch is done and measured. */
    default void epoch(Epoch epoch) {}

    /** The run ends; no more is heard of it. */
    default void end() {}

    /** All that it remembers, for a checkpoint; NaN and infinity may be among it. */
    default Map<String, Double> state() {
      return Map.of();
    }

    /**
     * Goes on from a checkpoint. Called before anything else, if at all.
     *
     * @param state that an equal callback gave
     */
    default void restore(Map<String, Double> state) {}
  }

  /**
   * How an epoch went.
   *
   * @param number from 1
   * @param step updates made so far
   * @param metrics loss and metrics by part of the data: {@code train}, and {@code validation} or {@code test} if there is
   *     one. Those of training are means over the epoch
   * @param best whether no earlier epoch was as good, by the run's monitor
   */
  record Epoch(
      int number, long step, SequencedMap<String, SequencedMap<String, Double>> metrics, boolean best) {

    /** The part of the data that judges: validation, or {@code train} where none is set apart. */
    public String judge() {
      return metrics.containsKey("validation") ? "validation" : "train";
    }

    /** A measure of the part that judges; NaN if unknown. */
    public double value(String measure) {
      SequencedMap<String, Double> judged = metrics.get(judge());
      return judged == null ? Double.NaN : judged.getOrDefault(measure, Double.NaN);
    }
  }
}
