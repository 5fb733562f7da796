package dev.ashlar.backend.cpu.bytecode;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** How much the heap grows by a piece of work on this thread. */
final class AllocationProbe {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private AllocationProbe() {}

  /** The least of some runs: the virtual machine itself allocates when it links or specializes a call. */
  static long bytes(Runnable work) {
    work.run(); // the lambda itself is linked
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      work.run();
      least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
    }
    return least;
  }
}
