package dev.ashlar.backend.cpu;

import dev.ashlar.program.Backend;
import dev.ashlar.program.Computation;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whole training steps against the reference, and the same bits however they are run. */
class TrainingTest {

  @Test
  void anMlpTakesTheStepOfTheReference() {
    Computation step = Models.mlp(9, 20, 33, 7);
    Map<String, NDArray> values = Compare.values(step, 1);
    values.put("labels", Compare.ints(Shape.of(9), 7, 2));
    agrees(step, values);
  }

  private static void agrees(Computation step, Map<String, NDArray> values) {
    Map<String, NDArray> expected = Compare.expected(step, values);
    Map<String, NDArray> found;
    try (Backend backend = Cpu.defaults().open()) {
      found = Compare.run(backend, step, values);
      Compare.assertClose(found, expected, 1e-5);
    }
    for (Cpu other : java.util.List.of(Cpu.defaults().withOptimize(false), Cpu.defaults().withThreads(1),
        Cpu.defaults().withThreads(3), Cpu.defaults().withEmitter(Emission.INTERPRETER))) {
      try (Backend backend = other.open()) {
        Compare.assertSameBits(Compare.run(backend, step, values), found);
      }
    }
  }
}
