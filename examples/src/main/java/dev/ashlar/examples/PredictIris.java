package dev.ashlar.examples;

import dev.ashlar.training.Model;
import java.nio.file.Path;
import java.util.Arrays;

/** Loads a model and asks it: {@code PredictIris iris.safetensors}. */
final class PredictIris {
  public static void main(String[] arguments) throws Exception {
    try (var model = Model.load(Path.of(arguments[0]))) {
      var scores = model.predict(5.1f, 3.5f, 1.4f, 0.2f);
      System.out.println("scores of " + model.signature().classes() + ": " + Arrays.toString(scores));
    }
  }
}
