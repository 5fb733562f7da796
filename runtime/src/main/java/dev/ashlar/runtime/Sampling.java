package dev.ashlar.runtime;

import dev.ashlar.config.FileException;
import dev.ashlar.training.EpochReport;
import dev.ashlar.training.Model;
import dev.ashlar.training.Sample;
import dev.ashlar.training.TrainingEnd;
import dev.ashlar.training.TrainingListener;
import dev.ashlar.training.TrainingStart;
import java.nio.file.Path;

/** Lets a model of text write after each evaluation, and passes on all that it hears. */
record Sampling(TrainingListener to, Sample sample) implements TrainingListener {

  @Override
  public void started(TrainingStart start) {
    to.started(start);
  }

  @Override
  public void step(long step, double loss, double learningRate) {
    to.step(step, loss, learningRate);
  }

  @Override
  public void measured(long examples, long all) {
    to.measured(examples, all);
  }

  @Override
  public void epoch(EpochReport report, Model model) {
    to.epoch(report, model);
    try {
      to.sample(sample.of(model));
    } catch (FileException e) {
      throw new IllegalStateException(e.getMessage(), e); // the prompt was checked before the run
    }
  }

  @Override
  public void resumed(long step) {
    to.resumed(step);
  }

  @Override
  public void checkpoint(long step, Path folder) {
    to.checkpoint(step, folder);
  }

  @Override
  public void warning(long step, String kind, String message) {
    to.warning(step, kind, message);
  }

  @Override
  public void wentBack(long step) {
    to.wentBack(step);
  }

  @Override
  public void replaced(Model model) {
    to.replaced(model);
  }

  @Override
  public void ended(TrainingEnd end) {
    to.ended(end);
  }

  @Override
  public void sample(String text) {
    to.sample(text);
  }
}
