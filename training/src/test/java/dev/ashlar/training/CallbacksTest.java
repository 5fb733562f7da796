package dev.ashlar.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.ashlar.config.Value;
import dev.ashlar.layers.Dense;
import dev.ashlar.layers.Sequential;
import dev.ashlar.layers.losses.MeanSquaredError;
import dev.ashlar.model.Callback;
import dev.ashlar.optimizers.Adam;
import dev.ashlar.optimizers.Sgd;
import dev.ashlar.program.Backend;
import dev.ashlar.reference.ReferenceBackend;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.training.callbacks.EarlyStopping;
import dev.ashlar.training.callbacks.StopAfter;
import dev.ashlar.training.callbacks.WeightAveraging;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CallbacksTest {

  private final Backend backend = new ReferenceBackend(true);
  private final List<String> told = new ArrayList<>();
  private final Trainer trainer = new Trainer(backend, new TrainingListener() {
    @Override
    public void ended(TrainingEnd end) {
      if (!end.message().isEmpty()) {
        told.add(end.step() + ": " + end.message());
      }
    }

    @Override
    public void warning(long step, String kind, String message) {
      told.add(step + ": " + kind + ": " + message);
    }
  });

  private static final Settings SETTINGS = new Settings(8, 5, 1, true, Settings.Keep.LAST, "loss", Optional.empty());

  private static Task task(double rate) {
    return Task.of(Sequential.of(Dense.of(1)), new MeanSquaredError(), Sgd.of(rate));
  }

  private static Examples examples() throws java.io.IOException {
    return Examples.of(Fixtures.numbers(40), new Split(0, 0.25, true, 0));
  }

  /** Hears all, in order. */
  private record Heard(List<String> lines) implements Callback {
    @Override
    public Watcher begin(Run run) {
      lines.add("begin " + run.steps() + " " + run.epochs() + " " + run.monitor() + " " + run.variables().keySet()
          + " " + run.read("dense.bias").size());
      return new Watcher() {
        @Override
        public void step(long step, double loss) {
          lines.add("step " + step);
        }

        @Override
        public void epoch(Epoch epoch) {
          lines.add("epoch " + epoch.number() + " " + epoch.step() + " " + epoch.metrics().keySet()
              + (epoch.value("loss") == epoch.metrics().get("validation").get("loss")));
        }

        @Override
        public void end() {
          lines.add("end");
        }
      };
    }
  }

  @Test
  void allIsHeard() throws Exception {
    List<String> lines = new ArrayList<>();
    trainer.train(task(0.1).withCallbacks(new Heard(lines)), examples(), SETTINGS.withSteps(4, 2)).close();
    assertThat(lines).containsExactly("begin 4 2 loss [dense.weight, dense.bias] 1", "step 1", "step 2",
        "epoch 1 2 [train, validation]true", "step 3", "step 4", "epoch 2 4 [train, validation]true", "end");
  }

  @Test
  void aRunEndsWhenItGetsNoBetter() throws Exception {
    Callback.Watcher[] watcher = new Callback.Watcher[1];
    try (var result = trainer.train(task(0).withCallbacks(EarlyStopping.of(2)), examples(), SETTINGS)) {
      assertThat(result.epochs()).isEqualTo(3);
    }
    assertThat(told).filteredOn(line -> line.contains("early_stopping")).singleElement().asString()
        .matches("18: early_stopping: no better validation loss than [0-9.]+ in 2 epochs");
  }

  @Test
  void aRunEndsWhenItIsGoodEnoughOrAstray() throws Exception {
    try (var good = trainer.train(task(0.1).withCallbacks(EarlyStopping.of(50).withTarget(1e9)), examples(), SETTINGS);
        var astray = trainer.train(task(0.1).withCallbacks(
            new EarlyStopping(50, Optional.of("loss"), 0, Optional.empty(), Optional.of(-1.0), 0)), examples(),
            SETTINGS)) {
      assertThat(good.epochs()).isEqualTo(1);
      assertThat(astray.epochs()).isEqualTo(1);
    }
    assertThat(told.getFirst()).contains("early_stopping: validation loss is ", "with 1.000e+09 aimed at");
    assertThat(told.getLast()).contains("beyond the limit of -1.000");
  }

  @Test
  void anEndInTheMiddleOfAnEpochIsMeasured() throws Exception {
    Callback third = run -> new Callback.Watcher() {
      @Override
      public void step(long step, double loss) {
        if (step == 3) {
          run.stop("enough");
        }
      }
    };
    try (var result = trainer.train(task(0.1).withCallbacks(third), examples(), SETTINGS)) {
      assertThat(result.steps()).isEqualTo(3);
      assertThat(result.metrics().keySet()).containsExactly("train", "validation");
    }
    assertThat(told).containsExactly("3: callback: enough");
  }

  @Test
  void timeRunsOut() throws Exception {
    try (var result = trainer.train(task(0.1).withCallbacks(new StopAfter(1e-9)), examples(), SETTINGS)) {
      assertThat(result.steps()).isEqualTo(1);
    }
    assertThat(told).hasSize(1).first().asString().startsWith("1: stop_after: its 1.0E-9 minutes are over");
  }

  /** Each update of the last part counts once. */
  @Test
  void weightsAreAveraged() throws Exception {
    List<double[]> weights = new ArrayList<>();
    Callback record = run -> new Callback.Watcher() {
      @Override
      public void step(long step, double loss) {
        weights.add(run.read("dense.weight").toDoubles());
      }
    };
    Settings settings = SETTINGS.withSteps(8, 8);
    try (var result = trainer.train(
        task(0.1).withCallbacks(record, new WeightAveraging(0.5)), Examples.of(Fixtures.numbers(40)), settings)) {
      double[] kept = result.model().store().read("dense.weight").toDoubles();
      for (int i = 0; i < kept.length; i++) {
        int element = i;
        assertThat(kept[i]).isCloseTo(
            weights.subList(4, 8).stream().mapToDouble(w -> w[element]).average().orElseThrow(), within(1e-6));
      }
    }
  }

  @Test
  void weightsAreAveragedInOneWay() throws Exception {
    Examples examples = examples();
    Task task = task(0.1).withCallbacks(new WeightAveraging(0.5));
    assertThatIllegalArgumentException().isThrownBy(() -> trainer.train(task, examples, SETTINGS.withEma(0.9)))
        .withMessageContaining("one average of the weights");
  }

  private record Scaled(double factor) implements Callback {
    @Override
    public boolean scalesUpdates() {
      return true;
    }

    @Override
    public Watcher begin(Run run) {
      if (factor != 1) {
        run.scaleUpdates(factor);
      }
      return new Watcher() {};
    }
  }

  /** By 1 the same bits; by a half what half the learning rate does. */
  @Test
  void updatesAreScaled() throws Exception {
    Task plain = Task.of(Sequential.of(Dense.of(1)), new MeanSquaredError(), Adam.of(0.1));
    Task half = Task.of(Sequential.of(Dense.of(1)), new MeanSquaredError(), Adam.of(0.05));
    double[] expected = weights(half);
    assertThat(weights(plain.withCallbacks(new Scaled(1)))).isEqualTo(weights(plain));
    assertThat(weights(plain.withCallbacks(new Scaled(0.5)))).containsExactly(expected, within(1e-5));
    Callback undeclared = run -> {
      run.scaleUpdates(2);
      return new Callback.Watcher() {};
    };
    assertThatThrownBy(() -> weights(plain.withCallbacks(undeclared))).isInstanceOf(CallbackException.class)
        .hasMessageContaining("callback 'callback' failed before the first step")
        .hasMessageContaining("scalesUpdates()");
  }

  private double[] weights(Task task) throws Exception {
    try (var result = trainer.train(task, examples(), SETTINGS)) {
      return result.model().store().read("dense.weight").toDoubles();
    }
  }

  @Test
  void whatACallbackThrowsNamesIt() {
    Callback bad = run -> new Callback.Watcher() {
      @Override
      public void step(long step, double loss) {
        throw new IllegalStateException("no more");
      }
    };
    assertThatThrownBy(() -> trainer.train(task(0.1).withCallbacks(bad), examples(), SETTINGS))
        .isInstanceOf(CallbackException.class)
        .hasMessage("callback 'callback' failed after step 1: java.lang.IllegalStateException: no more")
        .hasRootCauseMessage("no more");
  }

  @Test
  void whatIsRememberedComesBack() {
    Course course = Course.of(SETTINGS, 30);
    Task task = task(0.1).withCallbacks(EarlyStopping.of(3), new StopAfter(1));
    Callbacks first =
        new Callbacks(task, SETTINGS, course, backend.newStore(), List.of(), new Warnings(trainer.listener()));
    first.epoch(report(1, 0.5));
    first.epoch(report(2, 0.7));
    first.step(13, 0.5);
    Map<String, Object> remembered = new java.util.LinkedHashMap<>();
    first.remember(remembered);
    Value.Mapping state = (Value.Mapping) Value.of(remembered);
    assertThat(state.toString()).contains("\"0.early_stopping\": {best: \"0.5\", since: \"1.0\"}",
        "\"1.stop_after\": {seconds: ");

    Callbacks second =
        new Callbacks(task, SETTINGS, course, backend.newStore(), List.of(), new Warnings(trainer.listener()));
    second.restore(state, 13);
    second.epoch(report(3, 0.6));
    assertThat(second.isStopped()).isFalse();
    second.epoch(report(4, 0.6));
    assertThat(second.reason()).hasValue("early_stopping: no better train loss than 0.5000 in 3 epochs");
  }

  private static EpochReport report(int epoch, double loss) {
    var measures = new java.util.LinkedHashMap<String, Measures>();
    measures.put("train",
        new Measures(new java.util.LinkedHashMap<>(Map.of("loss", loss)), new java.util.LinkedHashMap<>()));
    return new EpochReport(epoch, epoch * 6L, measures, 1, java.time.Duration.ofSeconds(1), true);
  }
}
