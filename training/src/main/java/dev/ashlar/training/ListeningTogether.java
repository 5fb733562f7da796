package dev.ashlar.training;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** Several listeners as one. */
record ListeningTogether(List<TrainingListener> listeners) implements TrainingListener {

  ListeningTogether {
    listeners = List.copyOf(listeners);
  }

  private void each(Consumer<TrainingListener> tell) {
    listeners.forEach(tell);
  }

  @Override
  public void started(TrainingStart start) {
    each(listener -> listener.started(start));
  }

  @Override
  public void resumed(long step) {
    each(listener -> listener.resumed(step));
  }

  @Override
  public void step(long step, double loss, double learningRate) {
    // Called often: nothing is allocated.
    for (int i = 0; i < listeners.size(); i++) {
      listeners.get(i).step(step, loss, learningRate);
    }
  }

  @Override
  public void measured(long examples, long all) {
    for (int i = 0; i < listeners.size(); i++) {
      listeners.get(i).measured(examples, all);
    }
  }

  @Override
  public void epoch(EpochReport report, Model model) {
    each(listener -> listener.epoch(report, model));
  }

  @Override
  public void checkpoint(long step, Path folder) {
    each(listener -> listener.checkpoint(step, folder));
  }

  @Override
  public void warning(long step, String kind, String message) {
    each(listener -> listener.warning(step, kind, message));
  }

  @Override
  public void wentBack(long step) {
    each(listener -> listener.wentBack(step));
  }

  @Override
  public void replaced(Model model) {
    each(listener -> listener.replaced(model));
  }

  @Override
  public void ended(TrainingEnd end) {
    each(listener -> listener.ended(end));
  }

  @Override
  public void sample(String text) {
    each(listener -> listener.sample(text));
  }
}
