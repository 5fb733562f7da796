package dev.ashlar.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ashlar.backend.cpu.Cpu;
import dev.ashlar.data.Dataset;
import dev.ashlar.io.data.Datasets;
import dev.ashlar.layers.Dense;
import dev.ashlar.layers.Sequential;
import dev.ashlar.layers.activations.Activations;
import dev.ashlar.layers.losses.Ctc;
import dev.ashlar.layers.losses.Triplet;
import dev.ashlar.layers.metrics.Auroc;
import dev.ashlar.layers.metrics.ConfusionMatrix;
import dev.ashlar.model.Batch;
import dev.ashlar.model.Loss;
import dev.ashlar.optimizers.Adam;
import dev.ashlar.program.Backend;
import dev.ashlar.reference.ReferenceBackend;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Losses and metrics with gathers and scatters learn on the fast backend what they learn on the reference. */
class LossesOnCpuTest {

  /** Labels 1 to 3 that are shown for some steps of time each, in noise; or the first label alone. */
  private static Dataset spelt(int examples, int times, boolean alone) {
    Random random = new Random(1);
    NDArray inputs = NDArray.of(Shape.of(examples, times, 4), new float[examples * times * 4]);
    NDArray targets = NDArray.of(alone ? Shape.of(examples) : Shape.of(examples, 3), new int[examples * (alone ? 1 : 3)]);
    for (int e = 0; e < examples; e++) {
      int count = 1 + random.nextInt(3);
      for (int l = 0; l < 3; l++) {
        int label = l < count ? 1 + random.nextInt(3) : -1;
        if (!alone || l == 0) {
          targets.setLong(alone ? e : e * 3 + l, label);
        }
        for (int t = l * times / 3; t < (l + 1) * times / 3; t++) {
          for (int c = 0; c < 4; c++) {
            boolean shown = c == Math.max(0, label) && t > l * times / 3;
            inputs.set(((long) e * times + t) * 4 + c, (shown ? 1 : 0) + 0.2 * random.nextGaussian());
          }
        }
      }
    }
    Map<String, NDArray> columns = new LinkedHashMap<>();
    columns.put(Batch.INPUT, inputs);
    columns.put(Batch.TARGET, targets);
    return Datasets.of(columns);
  }

  private static double learned(Backend backend, Loss loss, Dataset data, int epochs) throws Exception {
    Task task = Task.of(Sequential.of(Dense.of(8).withActivation(Activations.TANH), Dense.of(4)), loss, Adam.of(0.03));
    try (backend; var result = new Trainer(backend).train(task, Examples.of(data), Settings.of(epochs, 8))) {
      return result.metrics().get("train").get("loss");
    }
  }

  @Test
  void ctc() throws Exception {
    Dataset data = spelt(20, 12, false);
    double expected = learned(new ReferenceBackend(), new Ctc(), data, 2);
    assertThat(learned(Cpu.defaults().withThreads(2).open(), new Ctc(), data, 2)).isCloseTo(expected, within(1e-3));
    assertThat(learned(Cpu.defaults().withThreads(2).open(), new Ctc(), data, 40)).isLessThan(expected / 4);
  }

  @Test
  void ctcOfLongSequences() throws Exception {
    Dataset data = spelt(8, 120, false);
    assertThat(learned(Cpu.defaults().withThreads(2).open(), new Ctc(), data, 1)).isFinite();
  }

  @Test
  void triplets() throws Exception {
    Dataset data = spelt(30, 3, true);
    Triplet loss = new Triplet(0.5, Triplet.Mining.BATCH_HARD);
    double expected = learned(new ReferenceBackend(), loss, data, 2);
    assertThat(learned(Cpu.defaults().withThreads(2).open(), loss, data, 2)).isCloseTo(expected, within(1e-3));
    assertThat(learned(Cpu.defaults().withThreads(2).open(), loss, data, 40)).isLessThan(expected);
  }

  @Test
  void metrics() throws Exception {
    Task task = Fixtures.classification().withMetrics(new ConfusionMatrix(), new Auroc());
    Dataset data = Fixtures.classes(50);
    try (Backend fast = Cpu.defaults().withThreads(2).open(); Backend slow = new ReferenceBackend();
        var one = new Trainer(fast).train(task, Examples.of(data), Settings.of(2, 8));
        var other = new Trainer(slow).train(task, Examples.of(data), Settings.of(2, 8))) {
      Measures found = one.measures().get("train");
      Measures expected = other.measures().get("train");
      assertThat(found.values().get("auroc")).isCloseTo(expected.values().get("auroc"), within(0.01));
      assertThat(found.byClass().get("confusion_matrix").rows())
          .isDeepEqualTo(expected.byClass().get("confusion_matrix").rows());
    }
  }
}
