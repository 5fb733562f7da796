package dev.ashlar.examples;

import dev.ashlar.io.data.Csv;
import dev.ashlar.io.transforms.Standardize;
import dev.ashlar.layers.Dense;
import dev.ashlar.layers.Sequential;
import dev.ashlar.layers.losses.CrossEntropy;
import dev.ashlar.optimizers.Adam;
import dev.ashlar.plugin.Registry;
import dev.ashlar.training.Architecture;
import dev.ashlar.training.Backends;
import dev.ashlar.training.Examples;
import dev.ashlar.training.Model;
import dev.ashlar.training.Settings;
import dev.ashlar.training.Task;
import dev.ashlar.training.Trainer;
import java.nio.file.Path;
import java.util.List;

/**
 * Trains and asks inside of an application: {@code EmbedIris iris.csv iris.safetensors}. Ten lines train; three load a
 * model and ask it with a record, whose components are the columns of the table.
 */
final class EmbedIris {

  record Flower(double sepalLength, double sepalWidth, double petalLength, double petalWidth) {}

  private EmbedIris() {}

  public static void main(String[] arguments) throws Exception {
    train(Path.of(arguments[0]), Path.of(arguments[1]));
    ask(Path.of(arguments[1]));
  }

  private static void train(Path table, Path file) throws Exception {
    var network = Sequential.of(Dense.of(16), Dense.of(3));
    var task = Task.of(new Architecture(List.of(new Standardize()), network), new CrossEntropy(), Adam.of(0.01));
    try (var data = Csv.of(table).withLabel("label").open();
        var backend = Backends.open(Registry.discover());
        var result = new Trainer(backend).train(task, Examples.of(data), Settings.of(60, 16))) {
      result.model().save(file);
    }
  }

  private static void ask(Path file) throws Exception {
    try (var model = Model.load(file)) {
      System.out.println(model.ask(new Flower(5.1, 3.5, 1.4, 0.2)));
    }
  }
}
