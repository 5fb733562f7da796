package com.example;

import dev.ashlar.io.data.Regression;
import dev.ashlar.layers.Dense;
import dev.ashlar.layers.Sequential;
import dev.ashlar.layers.activations.Activations;
import dev.ashlar.layers.losses.MeanSquaredError;
import dev.ashlar.optimizers.Adam;
import dev.ashlar.plugin.Registry;
import dev.ashlar.training.Backends;
import dev.ashlar.training.Examples;
import dev.ashlar.training.Model;
import dev.ashlar.training.Settings;
import dev.ashlar.training.Task;
import dev.ashlar.training.Trainer;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Trains a small network, saves it, loads it on another thread, and prints the bits of a prediction and what computed it. */
final class Application {

  private Application() {}

  public static void main(String[] arguments) throws Exception {
    Path file = Path.of(arguments[0]);
    var network = Sequential.of(Dense.of(8).withActivation(Activations.TANH), Dense.of(1));
    try (var backend = Backends.open(Registry.discover());
        var data = new Regression(100, 10, 1, 0.01, 0).open();
        var result = new Trainer(backend)
            .train(Task.of(network, new MeanSquaredError(), Adam.of(0.01)), Examples.of(data), Settings.of(3, 32))) {
      result.model().save(file);
      System.out.println(backend.describe());
    }
    // On a thread whose context class loader sees nothing of a jar of jars, as those of common pools have it.
    var loading = new FutureTask<>(() -> Model.load(file));
    var thread = new Thread(loading, "main"); // as log lines have it
    thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());
    thread.start();
    try (var model = loading.get()) {
      float[] answer = model.predict(0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.6f, 0.7f, 0.8f, 0.9f, 1f);
      System.out.printf("%08x%n", Float.floatToRawIntBits(answer[0]));
    } catch (ExecutionException e) {
      System.err.println(e.getCause().getMessage());
      System.exit(2);
    }
  }
}
