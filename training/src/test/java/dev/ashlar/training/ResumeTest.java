package dev.ashlar.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.config.FileException;
import dev.ashlar.io.checkpoint.CheckpointSeries;
import dev.ashlar.io.data.Datasets;
import dev.ashlar.layers.BatchNorm;
import dev.ashlar.layers.Dense;
import dev.ashlar.layers.Dropout;
import dev.ashlar.layers.Sequential;
import dev.ashlar.layers.losses.CrossEntropy;
import dev.ashlar.layers.losses.MeanSquaredError;
import dev.ashlar.layers.metrics.Accuracy;
import dev.ashlar.layers.metrics.Auroc;
import dev.ashlar.layers.metrics.ConfusionMatrix;
import dev.ashlar.model.Callback;
import dev.ashlar.optimizers.Adam;
import dev.ashlar.optimizers.AdamW;
import dev.ashlar.optimizers.Sgd;
import dev.ashlar.optimizers.schedules.Plateau;
import dev.ashlar.program.Backend;
import dev.ashlar.program.VariableStore;
import dev.ashlar.reference.ReferenceBackend;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.training.callbacks.EarlyStopping;
import dev.ashlar.training.callbacks.WeightAveraging;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that were interrupted come to the same, to the bit, as one that was not. */
class ResumeTest {

  @TempDir
  private Path folder;

  private final Backend backend = new ReferenceBackend();

  /** What came of a run: all variables, and all that was measured. */
  private record Outcome(Map<String, List<Integer>> values, SequencedMap<String, Measures> measures, int kept, int epochs,
      List<String> reports) {}

  /** Hears what was measured, and says when to stop. */
  private static class Watch implements TrainingListener {
    final TreeMap<Integer, String> reports = new TreeMap<>();
    final AtomicLong step = new AtomicLong();
    final List<TrainingEnd.Reason> ends = new ArrayList<>();
    final List<String> warnings = new ArrayList<>();

    @Override
    public void step(long now, double loss) {
      step.set(now);
    }

    @Override
    public void epoch(EpochReport report) {
      reports.put(report.epoch(), report.step() + " " + report.metrics() + " " + report.best());
    }

    @Override
    public void warning(long at, String kind, String message) {
      warnings.add(kind + " " + at + ": " + message);
    }

    @Override
    public void ended(TrainingEnd end) {
      ends.add(end.reason());
    }
  }

  private static Outcome outcome(TrainingResult result, Watch watch) {
    Map<String, List<Integer>> values = new TreeMap<>();
    VariableStore store = result.model().store();
    store.types().forEach((name, type) -> {
      List<Integer> bits = new ArrayList<>();
      for (float value : store.read(name).toFloats()) {
        bits.add(Float.floatToRawIntBits(value));
      }
      values.put(name, bits);
    });
    return new Outcome(values, result.measures(), result.epoch(), result.epochs(), List.copyOf(watch.reports.values()));
  }

  private Outcome straight(Task task, Examples examples, Settings settings) throws Exception {
    Watch watch = new Watch();
    try (TrainingResult result = new Trainer(backend, watch).train(task, examples, settings)) {
      return outcome(result, watch);
    }
  }

  /** Stopped behind every so many steps, and gone on with. */
  private Outcome inPieces(Task task, Examples examples, Settings settings, int every) throws Exception {
    Path checkpoints = folder.resolve("every-" + every + "-" + System.nanoTime());
    Watch watch = new Watch();
    Trainer trainer = new Trainer(backend, watch);
    for (long stop = every;; stop += every) {
      long now = stop;
      Checkpoints here = Checkpoints.in(checkpoints).resuming().withStopping(() -> watch.step.get() >= now);
      try (TrainingResult result = trainer.train(task, examples, settings, here)) {
        assertThat(watch.ends).containsOnlyOnce(watch.ends.getLast()).hasSize((int) (stop / every));
        return outcome(result, watch);
      } catch (TrainingInterrupted e) {
        assertThat(e.step()).isEqualTo(stop);
        assertThat(e.checkpoint()).contains(new CheckpointSeries(checkpoints).at(stop));
      }
    }
  }

  private void checkAlike(Task task, Examples examples, Settings settings) throws Exception {
    Outcome straight = straight(task, examples, settings);
    for (int every : new int[] {1, 3}) {
      Outcome inPieces = inPieces(task, examples, settings, every);
      assertThat(inPieces.reports()).isEqualTo(straight.reports());
      assertThat(inPieces).usingRecursiveComparison().isEqualTo(straight);
    }
  }

  @Test
  void noiseOrderAndMomentumGoOn() throws Exception {
    checkAlike(Fixtures.regression(), Examples.of(Fixtures.numbers(22)), Settings.of(3, 4).withSeed(7));
  }

  @Test
  void theBestEpochAndPatienceGoOn() throws Exception {
    Task task = Task.of(Sequential.of(Dense.of(3), new Dropout(0.3), Dense.of(2)), new CrossEntropy(), Sgd.of(2))
        .withMetrics(new Accuracy(), new ConfusionMatrix());
    Examples examples = Examples.of(Fixtures.classes(40), new Split(0.2, 0.3, true, 0));
    for (Settings.Keep keep : Settings.Keep.values()) {
      Settings settings = new Settings(12, 8, 3, true, keep, "accuracy", Optional.of(3));
      assertThat(straight(task, examples, settings).epochs()).as("stops early").isLessThan(12);
      checkAlike(task, examples, settings);
    }
  }

  /** What callbacks remember goes on: a run ends where it would have. */
  @Test
  void callbacksGoOn() throws Exception {
    Task task = Task.of(Sequential.of(Dense.of(3), new Dropout(0.3), Dense.of(2)), new CrossEntropy(), Sgd.of(2));
    Examples examples = Examples.of(Fixtures.classes(40), new Split(0.2, 0.3, true, 0));
    Settings settings = new Settings(12, 8, 3, true, Settings.Keep.BEST, "loss", Optional.empty());
    Task stopping = task.withCallbacks(EarlyStopping.of(2), new WeightAveraging(0.5), new HalfAfter(5));
    assertThat(straight(stopping, examples, settings).epochs()).as("stops early").isBetween(3, 11);
    checkAlike(stopping, examples, settings);
    Callback inTheMiddle = new EndAt(9);
    assertThat(straight(task.withCallbacks(inTheMiddle), examples, settings).reports().getLast()).startsWith("9 ");
    checkAlike(task.withCallbacks(inTheMiddle), examples, settings);
  }

  /** Makes updates half as large after some steps. */
  private record HalfAfter(int steps) implements Callback {
    @Override
    public boolean scalesUpdates() {
      return true;
    }

    @Override
    public Watcher begin(Run run) {
      return new Watcher() {
        @Override
        public void step(long step, double loss) {
          if (step == steps) {
            run.scaleUpdates(0.5);
          }
        }
      };
    }
  }

  /** Ends a run in the middle of an epoch. */
  private record EndAt(int last) implements Callback {
    @Override
    public Watcher begin(Run run) {
      return new Watcher() {
        @Override
        public void step(long step, double loss) {
          if (step == last) {
            run.stop("enough");
          }
        }
      };
    }
  }

  /** What was not finite is left out, or gone back from, in the same way. */
  @Test
  void whatIsNotFiniteIsMetInTheSameWay() throws Exception {
    NDArray inputs = NDArray.zeros(TensorType.of(DType.F32, 22, 4));
    for (int i = 0; i < inputs.size(); i++) {
      inputs.set(i, i == 50 ? Double.NaN : Math.sin(i));
    }
    NDArray targets = NDArray.zeros(TensorType.of(DType.F32, 22, 1));
    Map<String, NDArray> columns = new java.util.LinkedHashMap<>(Map.of("input", inputs, "target", targets));
    Task plain = Task.of(Dense.of(1), new MeanSquaredError(), Adam.of(0.01));
    Settings skipping = new Settings(3, 4, 7, false, Settings.Keep.LAST, "loss", Optional.empty())
        .withOnNan(Settings.OnNan.SKIP); // steps 4, 10 and 16
    // As text: the loss of an example that is no number is none, and NaN is not NaN.
    assertThat(inPieces(plain, Examples.of(Datasets.of(columns)), skipping, 3))
        .hasToString(straight(plain, Examples.of(Datasets.of(columns)), skipping).toString());
    Settings back = Settings.of(3, 4).withSeed(7).withOnNan(Settings.OnNan.ROLLBACK)
        .withCheckpoint(Checkpointing.STANDARD.withSteps(1));
    Outcome once = inPieces(plain, Examples.of(Datasets.of(columns)), back, 100);
    Outcome often = inPieces(plain, Examples.of(Datasets.of(columns)), back, 4);
    assertThat(often).hasToString(once.toString());
  }

  @Test
  void averagesAccumulationAndRunningStatisticsGoOn() throws Exception {
    Task task = Task.of(Sequential.of(Dense.of(5), new BatchNorm(), new Dropout(0.2), Dense.of(2)),
        new CrossEntropy(), AdamW.of(0.05)).withMetrics(new Accuracy());
    Examples examples = Examples.of(Fixtures.classes(40), new Split(0.2, 0.2, true, 0));
    checkAlike(task, examples, Settings.of(4, 5).withEma(0.8).withAccumulation(2));
  }

  @Test
  void schedulesThatLookAtMeasuresAndRunsOfStepsGoOn() throws Exception {
    Task task = Task.of(Sequential.of(Dense.of(1)), new dev.ashlar.layers.losses.BinaryCrossEntropy(),
        Sgd.of(0).withLearningRate(new Plateau(1, 0.5, 1, 1e-4, 0, 0))).withMetrics(new Auroc());
    Examples examples = Examples.of(binary(30), new Split(0, 0.2, true, 0));
    checkAlike(task, examples, Settings.of(1, 7).withSteps(13, 4));
  }

  private static dev.ashlar.data.Dataset binary(int rows) {
    var classes = Fixtures.classes(rows);
    Map<String, dev.ashlar.tensor.NDArray> columns = new TreeMap<>();
    classes.columns().forEach((name, type) -> columns.put(name,
        dev.ashlar.tensor.NDArray.zeros(type.withShape(dev.ashlar.tensor.Shape.of(rows).concat(type.shape())))));
    try {
      classes.read(java.util.stream.LongStream.range(0, rows).toArray(), rows, columns);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    var target = columns.get("target");
    columns.put("target", dev.ashlar.tensor.NDArray.of(dev.ashlar.tensor.Shape.of(rows, 1), target.toFloats()));
    return dev.ashlar.io.data.Datasets.of(columns);
  }

  @Test
  void aFinishedRunIsProlonged() throws Exception {
    Task task = Task.of(Sequential.of(Dense.of(3), new Dropout(0.3), Dense.of(2)), new CrossEntropy(), Adam.of(0.1));
    Examples examples = Examples.of(Fixtures.classes(40), new Split(0.2, 0.3, true, 0));
    Outcome whole = straight(task, examples, Settings.of(6, 8));
    for (int first : new int[] {1, 2, 3}) {
      Watch watch = new Watch();
      Path checkpoints = folder.resolve("longer-" + first);
      new Trainer(backend, watch).train(task, examples, Settings.of(first, 8), Checkpoints.in(checkpoints)).close();
      try (TrainingResult longer = new Trainer(backend, watch)
          .train(task, examples, Settings.of(6, 8), Checkpoints.in(checkpoints).resuming())) {
        assertThat(outcome(longer, watch)).usingRecursiveComparison().isEqualTo(whole);
      }
    }
  }

  @Test
  void theModelInACheckpointIsAModel() throws Exception {
    Path checkpoints = folder.resolve("checkpoints");
    Settings settings = Settings.of(3, 8).withEma(0.5);
    float[] expected;
    try (TrainingResult result = new Trainer(backend).train(
        Fixtures.classification(), Examples.of(Fixtures.classes(40)), settings, Checkpoints.in(checkpoints));
        Model last = Model.load(Checkpoint.newest(checkpoints, e -> {}).orElseThrow().path()
            .resolve("model.safetensors"))) {
      assertThat(result.epoch()).as("the last is the best").isEqualTo(3);
      expected = result.model().predict(1, 2);
      assertThat(last.predict(1, 2)).as("averages, as they are kept").containsExactly(expected);
    }
  }

  @Test
  void theLastFewStayAndAreWhole() throws Exception {
    Path checkpoints = folder.resolve("checkpoints");
    Settings settings = Settings.of(3, 8)
        .withCheckpoint(Checkpointing.STANDARD.withSteps(2).withKept(3));
    new Trainer(backend).train(Fixtures.classification(), Examples.of(Fixtures.classes(40)), settings,
        Checkpoints.in(checkpoints)).close();
    List<Path> left = new CheckpointSeries(checkpoints).newestFirst();
    assertThat(left).hasSize(3);
    assertThat(left.getFirst()).isEqualTo(new CheckpointSeries(checkpoints).at(15));
    for (Path path : left) {
      Checkpoint.read(path);
    }
    try (var all = Files.list(checkpoints)) {
      assertThat(all).as("nothing half written").hasSize(3);
    }
  }

  @Test
  void otherVariablesAreRefused() throws Exception {
    Path checkpoints = folder.resolve("checkpoints");
    Examples examples = Examples.of(Fixtures.classes(40));
    new Trainer(backend).train(Fixtures.classification(), examples, Settings.of(1, 8), Checkpoints.in(checkpoints))
        .close();
    Checkpoints here = Checkpoints.in(checkpoints).resuming();
    Task wider = Fixtures.classification().withModel(Sequential.of(Dense.of(4), Dense.of(2)));
    Task simpler = new Task(Fixtures.classification().model(), new CrossEntropy(), Sgd.of(0.1), List.of(),
        new TreeMap<>(), Fixtures.classification().precision());
    for (Task other : List.of(wider, simpler)) {
      assertThatThrownBy(() -> new Trainer(backend).train(other, examples, Settings.of(2, 8), here))
          .isInstanceOf(FileException.class).hasMessageContaining("step-000000005");
    }
  }

  /** The state of an earlier step is gone, and a better model with it. */
  @Test
  void fewerStepsThanWereMadeAreRefused() throws Exception {
    Path checkpoints = folder.resolve("checkpoints");
    Examples examples = Examples.of(Fixtures.classes(40));
    new Trainer(backend).train(Fixtures.classification(), examples, Settings.of(2, 8), Checkpoints.in(checkpoints))
        .close();
    assertThatThrownBy(() -> new Trainer(backend).train(Fixtures.classification(), examples, Settings.of(1, 8),
        Checkpoints.in(checkpoints).resuming())).isInstanceOf(FileException.class)
        .hasMessageContainingAll("the state after step 10", "one within the 5 steps that are to be made");
  }

  @Test
  void anEndForWantOfPatienceSaysSo() throws Exception {
    List<TrainingEnd> ends = new ArrayList<>();
    TrainingListener listener = new TrainingListener() {
      @Override
      public void ended(TrainingEnd end) {
        ends.add(end);
      }
    };
    Task still = Task.of(Fixtures.classification().model(), new CrossEntropy(), Sgd.of(0));
    for (Optional<Integer> patience : List.of(Optional.of(2), Optional.<Integer>empty())) {
      new Trainer(backend, listener).train(still, Examples.of(Fixtures.classes(40)),
          new Settings(5, 8, 0, false, Settings.Keep.BEST, "loss", patience)).close();
    }
    assertThat(ends).extracting(TrainingEnd::message)
        .containsExactly("patience: none of 2 epochs was better than epoch 1", "");
  }

  @Test
  void anInterruptedThreadWritesACheckpointFirst() throws Exception {
    Path checkpoints = folder.resolve("checkpoints");
    Watch watch = new Watch() {
      @Override
      public void step(long now, double loss) {
        if (now == 4) {
          Thread.currentThread().interrupt();
        }
      }
    };
    assertThatThrownBy(() -> new Trainer(backend, watch).train(Fixtures.classification(),
        Examples.of(Fixtures.classes(40)), Settings.of(3, 8), Checkpoints.in(checkpoints)))
        .isInstanceOf(TrainingInterrupted.class);
    assertThat(Checkpoint.newest(checkpoints, e -> {}).orElseThrow().step()).isEqualTo(4);
    assertThat(watch.ends).containsExactly(TrainingEnd.Reason.INTERRUPTED);
  }

  /** A file where the folder should be. */
  @Test
  void whatCannotBeWrittenIsToldOrStopsTheRun() throws Exception {
    Path taken = Files.writeString(folder.resolve("taken"), "");
    Examples examples = Examples.of(Fixtures.classes(40));
    Watch watch = new Watch();
    Checkpointing often = Checkpointing.STANDARD.withSteps(4);
    new Trainer(backend, watch).train(Fixtures.classification(), examples, Settings.of(2, 8).withCheckpoint(often),
        Checkpoints.in(taken)).close();
    assertThat(watch.warnings).as("told once, tried three times").singleElement().asString().contains("no checkpoint was written after step 4", "taken");
    assertThat(watch.ends).containsExactly(TrainingEnd.Reason.FINISHED);
    Settings stopping = Settings.of(2, 8).withCheckpoint(often.withOnFailure(Checkpointing.OnFailure.STOP));
    assertThatThrownBy(() -> new Trainer(backend, watch).train(Fixtures.classification(), examples, stopping,
        Checkpoints.in(taken))).isInstanceOf(IOException.class).isNotInstanceOf(FileException.class)
        .hasMessageContainingAll("training stopped, as no checkpoint was written after step 4", "taken");
  }

  /** Whatever kept checkpoints away is mended behind the first that failed. */
  @Test
  void thatCheckpointsCanBeWrittenAgainIsToldOnce() throws Exception {
    Path taken = Files.writeString(folder.resolve("taken"), "");
    Watch watch = new Watch() {
      @Override
      public void warning(long at, String kind, String message) {
        super.warning(at, kind, message);
        if (Files.isRegularFile(taken)) {
          assertThat(taken.toFile().delete()).isTrue();
        }
      }
    };
    new Trainer(backend, watch).train(Fixtures.classification(), Examples.of(Fixtures.classes(40)),
        Settings.of(3, 8).withCheckpoint(Checkpointing.STANDARD.withSteps(4)), Checkpoints.in(taken)).close();
    assertThat(watch.warnings).hasSize(2);
    assertThat(watch.warnings.getFirst()).startsWith("checkpoint 4: no checkpoint was written after step 4");
    assertThat(watch.warnings.getLast())
        .isEqualTo("checkpoint 8: step-000000008 was written: checkpoints can be written again");
    assertThat(Checkpoint.newest(taken, damaged -> {})).isPresent();
  }
}
