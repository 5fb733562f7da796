package dev.ashlar.training;

import dev.ashlar.api.Stable;
import java.time.Duration;
import java.util.SequencedMap;

/**
 * How an epoch went.
 *
 * @param epoch from 1
 * @param step number of updates made so far
 * @param measures by part of the data. Those of training are means over the epoch, with noise such as dropout on and
 *     while the parameters were changing
 * @param samplesPerSecond examples trained on in a second
 * @param time of training alone, without evaluation
 * @param best whether no earlier epoch was as good
 */
@Stable
public record EpochReport(
    int epoch,
    long step,
    SequencedMap<String, Measures> measures,
    double samplesPerSecond,
    Duration time,
    boolean best) {

  /** Loss and metrics by part of the data, those that are {@link Measures#numbers}. */
  public SequencedMap<String, SequencedMap<String, Double>> metrics() {
    return TrainingResult.of(measures, Measures::numbers);
  }
}
