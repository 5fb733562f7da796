package dev.ashlar.training;

import dev.ashlar.api.Experimental;

/**
 * How a run goes: updates, and the evaluations between them. What is called an epoch in reports is what lies between
 * two evaluations; it is all examples once unless the settings say otherwise.
 *
 * @param batches that all examples make; the order of examples changes behind the last
 * @param accumulate batches that make an update; behind the last batch of all examples perhaps fewer
 * @param updates in all
 * @param every so many updates the model is measured, and once at the end
 * @param byEpoch whether that is after all examples, once each
 */
@Experimental(since = "0.1")
public record Course(int batches, int accumulate, long updates, long every, boolean byEpoch) {

  /** In how many periods a run of so many updates is measured unless the settings say it. */
  private static final int PERIODS = 10;

  /**
   * Of a run.
   *
   * @param examples to learn from
   */
  public static Course of(Settings settings, long examples) {
    int batches = Math.toIntExact(Math.ceilDiv(examples, Math.min(settings.batch(), examples)));
    long epoch = Math.ceilDiv(batches, settings.accumulate());
    long updates = settings.steps().map(Integer::longValue).orElse(epoch * settings.epochs());
    long usual = settings.steps().isPresent() ? Math.ceilDiv(updates, PERIODS) : epoch;
    long every = settings.evaluateEvery().map(Integer::longValue).orElse(usual);
    return new Course(batches, settings.accumulate(), updates, Math.min(every, updates),
        settings.steps().isEmpty() && every == epoch);
  }

  /** How often the model is measured. */
  public int periods() {
    return Math.toIntExact(Math.ceilDiv(updates, every));
  }

  /** The updates made at the end of a period, counted from 1. */
  long end(int period) {
    return Math.min(updates, period * every);
  }

  /** The period, from 1, that so many updates lead into, or to the end of. */
  int period(long steps) {
    return Math.toIntExact(Math.ceilDiv(steps, every));
  }

  /** Whether an update follows a batch, counted from 0 among those of all examples. */
  boolean isUpdated(int batch) {
    return (batch + 1) % accumulate == 0 || batch == batches - 1;
  }

  /** Batches in a period, at most. */
  int batchesOfPeriod() {
    return Math.toIntExact(Math.min(every, updates) * accumulate);
  }
}
