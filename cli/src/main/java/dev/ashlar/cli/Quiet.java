package dev.ashlar.cli;

import dev.ashlar.training.TrainingEnd;
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
  public void ended(TrainingEnd end) {
    if (end.reason() == TrainingEnd.Reason.STOPPED && !end.message().isEmpty()) {
      err.println("stopped after step " + end.step() + ": " + end.message());
      err.flush();
    }
  }
}
