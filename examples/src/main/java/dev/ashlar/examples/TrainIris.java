package dev.ashlar.examples;

import dev.ashlar.io.data.Csv;
import dev.ashlar.io.transforms.Standardize;
import dev.ashlar.layers.Dense;
import dev.ashlar.layers.Sequential;
import dev.ashlar.layers.activations.Activations;
import dev.ashlar.layers.losses.CrossEntropy;
import dev.ashlar.layers.metrics.Accuracy;
import dev.ashlar.optimizers.Adam;
import dev.ashlar.plugin.Registry;
import dev.ashlar.training.Architecture;
import dev.ashlar.training.Backends;
import dev.ashlar.training.Examples;
import dev.ashlar.training.Settings;
import dev.ashlar.training.Split;
import dev.ashlar.training.Task;
import dev.ashlar.training.Trainer;
import java.nio.file.Path;
import java.util.List;

/** Trains a classifier and saves it: {@code TrainIris iris.csv iris.safetensors}. */
final class TrainIris {
  public static void main(String[] arguments) throws Exception {
    var network = Sequential.of(Dense.of(16).withActivation(Activations.TANH), Dense.of(3));
    var model = new Architecture(List.of(new Standardize()), network);
    var task = Task.of(model, new CrossEntropy(), Adam.of(0.01)).withMetrics(new Accuracy());
    try (var data = Csv.of(Path.of(arguments[0])).withLabel("label").open();
        var backend = Backends.open(Registry.discover());
        var result = new Trainer(backend).train(task, Examples.of(data, Split.test(0.2)), Settings.of(60, 16))) {
      System.out.println(result.metrics());
      result.model().save(Path.of(arguments[1]));
    }
  }
}
