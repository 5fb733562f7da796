package dev.ashlar.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What Jazzer calls, by these names; see {@link Fuzz}. */
public final class Fuzzed {

  private static Target target = Target.JSON;
  private static Path folder = Path.of("");

  private Fuzzed() {}

  /** @param args the name of a target */
  public static void fuzzerInitialize(String[] args) throws IOException {
    target = Target.valueOf(args[0]);
    folder = Files.createTempDirectory("ashlar-fuzz");
    // Classes are loaded, and instrumented, before anything is timed.
    Checks.run(target, new byte[0], folder);
  }

  /** Reads a file that Jazzer made. */
  public static void fuzzerTestOneInput(byte[] bytes) {
    Checks.run(target, bytes, folder);
  }
}
