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

  /** What limits a workload, how much of it a second, and the share of what the machine can do. */
  private record Rate(double perSecond, String unit, String key, double share, String of) {

    static Rate of(Workload workload, double millis, Limits limits) {
      if (workload.flops() > 0) {
        double rate = workload.flops() / millis * 1e3;
        return new Rate(rate, "GFLOP/s", "gflops", rate / limits.flops(), "arithmetic");
      }
      // What is faster than memory has its arrays in the caches.
      double rate = workload.bytes() / millis * 1e3;
      boolean cached = rate > limits.bytes();
      return new Rate(rate, "GB/s", "gb_s", rate / (cached ? limits.cacheBytes() : limits.bytes()),
          cached ? "caches" : "memory");
    }
  }

  /** As the peer's benchmark prints it, one JSON object; with the rate, and its share of the machine's limit. */
  String toJson(Workload workload, Limits limits) {
    Rate rate = Rate.of(workload, medianMillis, limits);
    return String.format(Locale.ROOT, "{\"engine\": \"ashlar\", \"workload\": \"%s\", \"median_ms\": %.5f,"
        + " \"min_ms\": %.5f, \"runs\": %d, \"%s\": %.2f, \"share\": %.3f, \"of\": \"%s\"}", workload.name(),
        medianMillis, minMillis, runs, rate.key(), rate.perSecond() / 1e9, rate.share(), rate.of());
  }

  /** A row of the table: time, the rate of what limits it, and the share of the machine's limit. */
  String toRow(Workload workload, Limits limits) {
    Rate rate = Rate.of(workload, medianMillis, limits);
    return String.format(Locale.ROOT, "%-13s %11.4f %11.4f %8d  %8.1f %-7s %4.0f %% of %-10s  %s", workload.name(),
        medianMillis, minMillis, runs, rate.perSecond() / 1e9, rate.unit(), 100 * rate.share(), rate.of(),
        workload.what());
  }

  static String header() {
    return String.format(Locale.ROOT, "%-13s %11s %11s %8s  %16s  %s", "workload", "median ms", "best ms", "runs",
        "rate", "share of the limit");
  }
}
