package dev.ashlar.backend.cpu.bytecode;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** How much the heap grows by a piece of work on this thread. */
final class AllocationProbe {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private AllocationProbe() {}

  static long bytes(Runnable work) {
    work.run(); // the lambda itself is linked
    long before = THREADS.getCurrentThreadAllocatedBytes();
    work.run();
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }
}
