package com.example;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApplicationTest {
  @Test
  void worksAsModules(@TempDir Path folder) throws Exception {
    assertTrue(Application.class.getModule().isNamed());
    assertTrue(dev.ashlar.training.Model.class.getModule().isNamed());
    float[][] predictions = Application.run(folder.resolve("model.safetensors"));
    assertArrayEquals(predictions[0], predictions[1]);
  }
}
