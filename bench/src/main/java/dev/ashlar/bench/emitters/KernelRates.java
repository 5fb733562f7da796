package dev.ashlar.bench.emitters;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Locale;

/**
 * Rates by the processor time of the calling thread, for machines that others use too, and how long it takes
 * from the start of the JVM to full speed. One task and maker to a JVM:
 *
 * <pre>java --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED
 *     dev.ashlar.bench.emitters.KernelRates TILE VECTORS [crowd [seconds]]</pre>
 */
public final class KernelRates {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final long SLICE = 50_000_000; // nanoseconds
  private static final double FULL = 0.8;

  private KernelRates() {}

  /** Prints a line: first call, full speed, rate. */
  public static void main(String[] arguments) {
    var task = KernelWork.Task.valueOf(arguments[0]);
    var maker = Maker.valueOf(arguments[1]);
    int crowd = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 0;
    int slices = (arguments.length > 3 ? Integer.parseInt(arguments[3]) : 10) * 20;
    var work = new KernelWork(task, maker, crowd);
    work.run();
    long first = sinceStart();
    var rates = new double[slices];
    var times = new long[slices];
    for (int slice = 0; slice < slices; slice++) {
      long processor = THREADS.getCurrentThreadCpuTime();
      long end = System.nanoTime() + SLICE;
      long runs = 0;
      do {
        work.run();
        runs++;
      } while (System.nanoTime() < end);
      rates[slice] = task.work * runs / (THREADS.getCurrentThreadCpuTime() - processor);
      times[slice] = sinceStart();
    }
    var late = Arrays.stream(rates).skip(slices / 2).sorted().toArray();
    double rate = late[late.length / 2];
    int full = 0;
    while (rates[full] < FULL * rate) {
      full++;
    }
    System.out.printf(Locale.ROOT, "%s %s crowd %d: first call after %d ms, %d %% of full speed after %d ms,"
        + " %.1f G/s%n", task, maker, crowd, first, (int) (100 * FULL), times[full], rate);
  }

  /** Milliseconds since the JVM started. */
  private static long sinceStart() {
    return System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime();
  }
}
