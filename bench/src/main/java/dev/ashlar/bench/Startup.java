package dev.ashlar.bench;

import dev.ashlar.program.Backend;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/**
 * How long a user waits: from the start of the process, which the launcher's shell began, to the end of the first
 * and of the tenth run.
 */
record Startup(Workload workload, Duration first, Duration tenth) {

  private static final int RUNS = 10;

  static Startup of(Workload workload, Backend backend) {
    Instant start = ProcessHandle.current().info().startInstant()
        .orElseThrow(() -> new IllegalStateException("this system does not tell when a process began"));
    try (Workload.Prepared prepared = workload.setup().prepare(backend)) {
      prepared.run();
      Instant first = Instant.now();
      for (int i = 1; i < RUNS; i++) {
        prepared.run();
      }
      return new Startup(workload, Duration.between(start, first), Duration.between(start, Instant.now()));
    }
  }

  String toText(boolean json) {
    return String.format(Locale.ROOT, json
        ? "{\"engine\": \"ashlar\", \"workload\": \"%s\", \"first_ms\": %d, \"tenth_ms\": %d}"
        : "%s: first run done %d ms after the start of the process, tenth %d ms", workload.name(), first.toMillis(),
        tenth.toMillis());
  }
}
