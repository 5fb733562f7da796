package dev.ashlar.bench;

import java.util.Arrays;
import java.util.Locale;

/**
 * Times of one workload.
 *
 * @param medianMillis of all runs
 * @param minMillis the fastest
 * @param runs how many were timed
 */
record Measurement(double medianMillis, double minMillis, int runs) {

  private static final int WARM_UP = 3;

  /** Runs for some seconds after three runs that do not count, three timed runs at least. */
  static Measurement of(Workload.Prepared workload, double seconds) {
    for (int i = 0; i < WARM_UP; i++) {
      workload.run();
    }
    double[] times = new double[1024];
    int runs = 0;
    long end = System.nanoTime() + (long) (seconds * 1e9);
    while (System.nanoTime() < end || runs < 3) {
      if (runs == times.length) {
        times = Arrays.copyOf(times, 2 * runs);
      }
      long start = System.nanoTime();
      workload.run();
      times[runs++] = (System.nanoTime() - start) / 1e6;
    }
    double[] sorted = Arrays.copyOf(times, runs);
    Arrays.sort(sorted);
    return new Measurement(sorted[runs / 2], sorted[0], runs);
  }

  /** As the peer's benchmark prints it: one JSON object. */
  String toJson(Workload workload) {
    return String.format(Locale.ROOT,
        "{\"engine\": \"ashlar\", \"workload\": \"%s\", \"median_ms\": %.5f, \"min_ms\": %.5f, \"runs\": %d}",
        workload.name(), medianMillis, minMillis, runs);
  }

  /** A row of the table: time, the rate of what limits it, and the share of the machine's limit. */
  String toRow(Workload workload, Limits limits) {
    boolean arithmetic = workload.flops() > 0;
    double rate = (arithmetic ? workload.flops() : workload.bytes()) / medianMillis / 1e6;
    double limit = (arithmetic ? limits.flops() : limits.bytes()) / 1e9;
    return String.format(Locale.ROOT, "%-13s %11.4f %11.4f %8d  %8.1f %-7s %5.0f %%  %s", workload.name(), medianMillis,
        minMillis, runs, rate, arithmetic ? "GFLOP/s" : "GB/s", 100 * rate / limit, workload.what());
  }

  static String header() {
    return String.format(Locale.ROOT, "%-13s %11s %11s %8s  %16s %7s", "workload", "median ms", "best ms", "runs", "rate",
        "limit");
  }
}
