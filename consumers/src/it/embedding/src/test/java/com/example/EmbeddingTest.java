package com.example;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ashlar.backend.cpu.Cpu;
import dev.ashlar.io.data.Regression;
import dev.ashlar.layers.Dense;
import dev.ashlar.layers.Sequential;
import dev.ashlar.layers.activations.Activations;
import dev.ashlar.layers.losses.MeanSquaredError;
import dev.ashlar.optimizers.Adam;
import dev.ashlar.training.Examples;
import dev.ashlar.training.Model;
import dev.ashlar.training.Settings;
import dev.ashlar.training.Task;
import dev.ashlar.training.Trainer;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddingTest {

  @Test
  void trainsSavesLoadsAndPredicts(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("model.safetensors");
    float[] example = {0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.6f, 0.7f, 0.8f, 0.9f, 1f};
    float[] before;
    var network = Sequential.of(Dense.of(8).withActivation(Activations.TANH), Dense.of(1));
    try (var backend = Cpu.defaults().open();
        var data = new Regression(200, 10, 1, 0.01, 0).open()) {
      var result = new Trainer(backend)
          .train(Task.of(network, new MeanSquaredError(), Adam.of(0.01)), Examples.of(data), Settings.of(20, 32));
      before = result.model().predict(example);
      result.model().save(file);
    }
    try (var model = Model.load(file)) {
      assertArrayEquals(before, model.predict(example));
    }
  }

  @Test
  void nothingHeavyCameAlong() throws Exception {
    assertThrows(ClassNotFoundException.class, () -> Class.forName("com.google.inject.Injector"));
    assertThrows(ClassNotFoundException.class, () -> Class.forName("org.snakeyaml.engine.v2.api.Load"));
    assertThrows(ClassNotFoundException.class, () -> Class.forName("ch.qos.logback.classic.Logger"));
    long bytes = 0;
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      if (entry.endsWith(".jar") && Arrays.stream(TEST_ONLY).noneMatch(entry::contains)) {
        bytes += Files.size(Path.of(entry));
      }
    }
    assertTrue(bytes < 4 << 20, "dependencies take " + bytes + " bytes");
  }

  private static final String[] TEST_ONLY = {"junit", "opentest4j", "apiguardian", "surefire"};
}
