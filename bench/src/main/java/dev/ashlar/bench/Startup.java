package dev.ashlar.bench;

import dev.ashlar.program.Backend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/**
 * How long a user waits: from the start of the process, which the launcher's shell began, to the end of the first
 * and of the tenth run.
 */
record Startup(Workload workload, Duration first, Duration tenth) {

  private static final int RUNS = 10;
  /** In what Linux tells of a process behind its name: when it started, in ticks since the system did. */
  private static final int START_TIME = 19;
  private static final double TICKS_PER_SECOND = 100;

  static Startup of(Workload workload, Backend backend) {
    try (Workload.Prepared prepared = workload.setup().prepare(backend)) {
      prepared.run();
      Duration first = age();
      for (int i = 1; i < RUNS; i++) {
        prepared.run();
      }
      return new Startup(workload, first, age());
    }
  }

  /** Time since this process began. */
  private static Duration age() {
    try {
      // What the JDK says on Linux counts from when the system began, which is known there to a second only.
      String status = Files.readString(Path.of("/proc/self/stat"));
      String uptime = Files.readString(Path.of("/proc/uptime"));
      String[] fields = status.substring(status.lastIndexOf(')') + 2).split(" ");
      double start = Long.parseLong(fields[START_TIME]) / TICKS_PER_SECOND;
      return Duration.ofMillis(Math.round(1_000 * (Double.parseDouble(uptime.split(" ")[0]) - start)));
    } catch (IOException | RuntimeException e) {
      Instant start = ProcessHandle.current().info().startInstant()
          .orElseThrow(() -> new IllegalStateException("this system does not tell when a process began"));
      return Duration.between(start, Instant.now());
    }
  }

  String toText(boolean json) {
    return String.format(Locale.ROOT, json
        ? "{\"engine\": \"ashlar\", \"workload\": \"%s\", \"first_ms\": %d, \"tenth_ms\": %d}"
        : "%s: first run done %d ms after the start of the process, tenth %d ms", workload.name(), first.toMillis(),
        tenth.toMillis());
  }
}
