package dev.ashlar.backend.cpu;

import dev.ashlar.program.Profiler;
import java.util.List;

/** Some slices of steps that follow each other: all steps of a slice, then those of the next. */
final class ChainTask implements CpuWorkspace.Task {

  /** A step, slice by slice. */
  @FunctionalInterface
  interface Link {
    /** Does a slice, counted from the task's first. */
    void run(int slice);
  }

  private final int slices;
  private final Link[] links;

  ChainTask(int slices, List<Link> links) {
    this.slices = slices;
    this.links = links.toArray(Link[]::new);
  }

  /** A step that tells how long each slice took. */
  static Link timed(Link link, Profiler.Timer timer) {
    return slice -> {
      long start = System.nanoTime();
      link.run(slice);
      timer.add(start, System.nanoTime());
    };
  }

  @Override
  public void run() {
    for (int i = 0; i < slices; i++) {
      for (Link link : links) {
        link.run(i);
      }
    }
  }
}
