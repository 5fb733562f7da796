package dev.ashlar.cli;

import java.io.PrintWriter;

/** Ends the line that is being written when someone interrupts the command, as with Ctrl-C. */
final class Interrupted implements AutoCloseable {

  private final Thread hook;

  private Interrupted(Thread hook) {
    this.hook = hook;
  }

  static Interrupted endingLine(PrintWriter out) {
    Thread hook = new Thread(() -> {
      out.println();
      out.flush();
    }, "ashlar-interrupted");
    Runtime.getRuntime().addShutdownHook(hook);
    return new Interrupted(hook);
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM ends already, and the hook does its work.
    }
  }
}
