package dev.ashlar.bench.cpu;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;

/**
 * Times repeated work. With one thread its processor time is taken, which other users of a shared machine
 * disturb least; with more, the time of the clock.
 */
final class Clock {

  private static final int ROUNDS = 15;
  private static final double ROUND_SECONDS = 0.01;
  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final boolean oneThread;

  Clock(boolean oneThread) {
    this.oneThread = oneThread;
  }

  /** Seconds of one run: the median of rounds of about 10 ms. */
  double seconds(Runnable work) {
    int inner = 1;
    while (round(work, inner) * inner < ROUND_SECONDS) {
      inner *= 2;
    }
    var times = new double[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      times[i] = round(work, inner);
    }
    Arrays.sort(times);
    return times[ROUNDS / 2];
  }

  private double round(Runnable work, int inner) {
    long start = now();
    for (int i = 0; i < inner; i++) {
      work.run();
    }
    return (now() - start) / 1e9 / inner;
  }

  private long now() {
    return oneThread ? threads.getCurrentThreadCpuTime() : System.nanoTime();
  }
}
