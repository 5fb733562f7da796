package dev.ashlar.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.model.Optimizer;
import dev.ashlar.model.Schedule;
import dev.ashlar.optimizers.Adam;
import dev.ashlar.optimizers.Chain;
import dev.ashlar.optimizers.ClipByValue;
import dev.ashlar.optimizers.Frozen;
import dev.ashlar.optimizers.Groups;
import dev.ashlar.optimizers.Lookahead;
import dev.ashlar.optimizers.Sgd;
import dev.ashlar.optimizers.schedules.Cosine;
import dev.ashlar.optimizers.schedules.Plateau;
import dev.ashlar.program.Backend;
import dev.ashlar.reference.ReferenceBackend;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The learning rate is told with each step. */
class LearningRateTest {

  @TempDir
  private Path folder;

  /** Three epochs of two batches. */
  private static List<Double> told(Optimizer optimizer, Settings settings) throws Exception {
    return told(optimizer, settings, null);
  }

  private static List<Double> told(Optimizer optimizer, Settings settings, Checkpoints checkpoints) throws Exception {
    List<Double> rates = new ArrayList<>();
    Task task = Fixtures.regression();
    Task wanted = new Task(task.model(), task.loss(), optimizer, task.gradients(), task.metrics(), task.precision(),
        List.of());
    try (Backend backend = new ReferenceBackend()) {
      Trainer trainer = new Trainer(backend, new TrainingListener() {
        @Override
        public void step(long step, double loss, double learningRate) {
          rates.add(Double.isNaN(learningRate) ? learningRate : Math.round(learningRate * 1e6) / 1e6);
        }
      });
      Examples examples = Examples.of(Fixtures.numbers(16));
      (checkpoints == null ? trainer.train(wanted, examples, settings)
          : trainer.train(wanted, examples, settings, checkpoints)).close();
    }
    return rates;
  }

  @Test
  void isThatOfTheScheduleAtEachUpdate() throws Exception {
    assertThat(told(Adam.of(0.01), Settings.of(2, 8))).containsExactly(0.01, 0.01, 0.01, 0.01);
    // From 0.1 down to 0 along half a wave, in six steps.
    assertThat(told(new Sgd(new Cosine(0.1, 0, 0), 0, false, 0), Settings.of(3, 8)))
        .startsWith(0.1, 0.093301, 0.075, 0.05).hasSize(6);
    // One for each update, not for each batch.
    assertThat(told(new Sgd(new Cosine(0.1, 0, 0), 0, false, 0), Settings.of(3, 4).withAccumulation(2)))
        .startsWith(0.1, 0.093301, 0.075, 0.05).hasSize(6);
  }

  @Test
  void isThatOfWhatIsInsideAnotherOptimizer() throws Exception {
    Optimizer sgd = Sgd.of(0.02);
    assertThat(told(new Chain(List.of(new ClipByValue(1)), sgd), Settings.of(1, 8))).containsExactly(0.02, 0.02);
    assertThat(told(Lookahead.of(sgd), Settings.of(1, 8))).containsExactly(0.02, 0.02);
    assertThat(told(new Groups(Map.of("dense.weight", new Frozen()), sgd), Settings.of(1, 8)))
        .containsExactly(0.02, 0.02);
  }

  @Test
  void thereMayBeNone() throws Exception {
    Optimizer plain = Sgd.of(0.02)::step;
    assertThat(plain.learningRate()).isNull();
    assertThat(told(plain, Settings.of(1, 8))).containsExactly(Double.NaN, Double.NaN);
  }

  /** It depends on what was measured: the measure never becomes so much better. */
  @Test
  void ofAScheduleWithAMemory() throws Exception {
    Schedule plateau = new Plateau(0.01, 0.5, 0, 0.99, 0, 0);
    Optimizer optimizer = new Sgd(plateau, 0, false, 0);
    List<Double> whole = told(optimizer, Settings.of(4, 8));
    assertThat(whole).containsExactly(0.01, 0.01, 0.01, 0.01, 0.005, 0.005, 0.0025, 0.0025);
    Checkpoints checkpoints = Checkpoints.in(folder);
    told(optimizer, Settings.of(2, 8), checkpoints);
    assertThat(told(optimizer, Settings.of(4, 8), checkpoints.resuming())).isEqualTo(whole.subList(4, 8));
  }
}
