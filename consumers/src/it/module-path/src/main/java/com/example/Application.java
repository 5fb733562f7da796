package com.example;

import dev.ashlar.backend.cpu.Cpu;
import dev.ashlar.io.data.Regression;
import dev.ashlar.layers.Dense;
import dev.ashlar.layers.Sequential;
import dev.ashlar.layers.losses.MeanSquaredError;
import dev.ashlar.optimizers.Sgd;
import dev.ashlar.training.Examples;
import dev.ashlar.training.Model;
import dev.ashlar.training.Settings;
import dev.ashlar.training.Task;
import dev.ashlar.training.Trainer;
import java.nio.file.Path;

/** Trains a small network, saves it, loads it. */
final class Application {

  private Application() {}

  /** The same prediction twice: by the trained model, and by the model read from its file. */
  static float[][] run(Path file) throws Exception {
    float[] example = new float[10];
    float[] before;
    try (var backend = Cpu.defaults().open();
        var data = new Regression(100, 10, 1, 0.01, 0).open()) {
      var task = Task.of(Sequential.of(Dense.of(4), Dense.of(1)), new MeanSquaredError(), Sgd.of(0.01));
      var result = new Trainer(backend).train(task, Examples.of(data), Settings.of(3, 32));
      before = result.model().predict(example);
      result.model().save(file);
    }
    try (var model = Model.load(file)) {
      return new float[][] {before, model.predict(example)};
    }
  }
}
