package dev.ashlar.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.ashlar.program.Backend;
import dev.ashlar.program.Computation;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whole training steps against the reference, and the same bits however they are run. */
class TrainingTest {

  @Test
  void anMlpTakesTheStepOfTheReference() {
    Computation step = Models.mlp(9, 20, 33, 7);
    Map<String, NDArray> values = Compare.values(step, 1);
    values.put("labels", Compare.ints(Shape.of(9), 7, 2));
    agrees(step, values, 1e-5);
  }

  @Test
  void aTransformerBlockTakesTheStepOfTheReference() {
    Computation step = Models.attention(2, 7, 24, 3, 19);
    Map<String, NDArray> values = Compare.values(step, 1);
    values.put("tokens", Compare.ints(Shape.of(2, 7), 19, 2));
    values.put("labels", Compare.ints(Shape.of(2, 7), 19, 3));
    agrees(step, values, 1e-5);
  }

  @Test
  void aConvolutionalNetworkTakesTheStepOfTheReference() {
    Computation step = Models.cnn(3, 12, 4, 5);
    Map<String, NDArray> values = Compare.values(step, 1);
    values.put("labels", Compare.ints(Shape.of(3), 5, 2));
    agrees(step, values, 1e-5);
  }

  private static void agrees(Computation step, Map<String, NDArray> values, double relative) {
    Map<String, NDArray> expected = Compare.expected(step, values);
    Map<String, NDArray> found;
    try (Backend backend = Cpu.defaults().open()) {
      found = Compare.run(backend, step, values);
      Compare.assertClose(found, expected, relative);
    }
    Cpu cpu = Cpu.defaults();
    for (Cpu other : List.of(cpu.withOptimize(false), cpu.withThreads(1), cpu.withThreads(3),
        cpu.withChecked(true),
        cpu.withEmitter(Emission.BYTECODE), cpu.withEmitter(Emission.INTERPRETER))) {
      try (Backend backend = other.open()) {
        Compare.assertSameBits(Compare.run(backend, step, values), found);
      }
    }
  }

  @Test
  void stepsInSequenceAreTheSameForAnyNumberOfThreads() {
    Computation step = Models.mlp(64, 100, 256, 10);
    Map<String, NDArray> values = Compare.values(step, 1);
    values.put("labels", Compare.ints(Shape.of(64), 10, 2));
    Map<String, NDArray> first = null;
    for (int threads = 1; threads <= 3; threads++) {
      try (Backend backend = Cpu.defaults().withThreads(threads).open()) {
        Map<String, NDArray> found = Compare.run(backend, step, values, 20);
        if (first != null) {
          Compare.assertSameBits(found, first);
        }
        first = found;
      }
    }
  }

  @Test
  void aWarmStepAllocatesNothing() throws Exception {
    Computation step = Models.mlp(64, 100, 256, 10);
    Map<String, NDArray> values = Compare.values(step, 1);
    values.put("labels", Compare.ints(Shape.of(64), 10, 2));
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (Backend backend = Cpu.defaults().withThreads(2).open(); var store = backend.newStore()) {
      step.reads().keySet().forEach(name -> store.write(name, values.get(name)));
      try (var workspace = backend.compile(step).open(store)) {
        step.arguments().keySet()
            .forEach(name -> workspace.argument(name).data().copyFrom(values.get(name).data()));
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 10; round++) {
          long before = threads.getTotalThreadAllocatedBytes();
          for (int i = 0; i < 1000; i++) {
            workspace.run();
          }
          least = Math.min(least, threads.getTotalThreadAllocatedBytes() - before);
        }
        // The measurement itself takes some, and the JVM's own threads may.
        assertThat(least).isLessThan(4000);
      }
    }
  }
}
