package dev.ashlar.cli;

import dev.ashlar.training.TrainingListener;
import java.io.PrintWriter;

/** Tells nothing of a run but warnings, where errors go. */
record Quiet(PrintWriter err) implements TrainingListener {

  @Override
  public void warning(long step, String kind, String message) {
    err.println("warning: " + message);
    err.flush();
  }

  @Override
  public void stopped(long step, String reason) {
    err.println("stopped after step " + step + ": " + reason);
    err.flush();
  }
}
