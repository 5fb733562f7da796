package dev.ashlar.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ashlar.data.Dataset;
import dev.ashlar.io.checkpoint.CheckpointSeries;
import dev.ashlar.io.data.Datasets;
import dev.ashlar.layers.Dense;
import dev.ashlar.layers.Sequential;
import dev.ashlar.layers.losses.MeanSquaredError;
import dev.ashlar.model.Batch;
import dev.ashlar.model.Block;
import dev.ashlar.model.UpdateRule;
import dev.ashlar.optimizers.Sgd;
import dev.ashlar.program.Backend;
import dev.ashlar.reference.ReferenceBackend;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of runs in which something is not finite. Messages are in diverged.txt. */
class GuardTest {

  private static final Path MESSAGES = Path.of("src/test/resources/dev/ashlar/training/diverged.txt");

  private final Backend backend = new ReferenceBackend();
  private final List<Long> steps = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private final Trainer trainer = new Trainer(backend, new TrainingListener() {
    @Override
    public void step(long step, double loss) {
      assertThat(loss).isFinite();
      steps.add(step);
    }

    @Override
    public void warning(long step, String kind, String message) {
      warnings.add(kind + " at " + step + ": " + message);
    }
  });

  private static Task task(Block... layers) {
    return Task.of(Sequential.of(layers), new MeanSquaredError(), Sgd.of(0.05));
  }

  private static Task poisoned(int from, int to) {
    return task(Dense.of(6), Dense.of(5), new Poison(from, to), Dense.of(4), Dense.of(1));
  }

  private static Settings settings(Settings.OnNan answer) {
    return Settings.of(4, 8).withSeed(3).withOnNan(answer);
  }

  private String message(Task task, Dataset data, Settings settings) {
    return catchThrowableOfType(DivergedException.class, () -> trainer.train(task, Examples.of(data), settings).close())
        .getMessage();
  }

  @Test
  void messagesAreAsWritten() throws Exception {
    Map<String, String> found = new TreeMap<>();
    Dataset data = Fixtures.numbers(80);
    found.put("1. planted in layer 3 at step 17", message(poisoned(17, 17), data, settings(Settings.OnNan.STOP)));
    found.put("2. 20 steps in a row", message(poisoned(17, 99), data, settings(Settings.OnNan.SKIP)));
    found.put("3. wherever the run goes back to", message(poisoned(17, 99), data, settings(Settings.OnNan.ROLLBACK)));
    found.put("4. in an example", message(task(Dense.of(1)), spoilt(), settings(Settings.OnNan.STOP)));
    UpdateRule far = (parameter, gradient, scope) -> parameter.sub(gradient.mul(1e38).mul(1e38));
    Task leaping = Task.of(Sequential.of(Dense.of(1)), new MeanSquaredError(), far);
    found.put("5. weights after the last step of an epoch", message(leaping, data, Settings.of(1, 80)));
    found.put("6. weights before a step", message(leaping, data, Settings.of(1, 40)));
    StringBuilder all = new StringBuilder();
    found.forEach((name, text) -> all.append("== ").append(name).append('\n').append(text).append("\n\n"));
    if (Boolean.getBoolean("ashlar.golden.update")) {
      Files.writeString(MESSAGES, all);
    }
    assertThat(all.toString()).isEqualTo(Files.readString(MESSAGES));
  }

  private static Dataset spoilt() {
    NDArray inputs = NDArray.zeros(dev.ashlar.tensor.TensorType.of(dev.ashlar.tensor.DType.F32, 20, 3));
    inputs.set(3 * 13 + 1, Double.POSITIVE_INFINITY);
    Map<String, NDArray> columns = new LinkedHashMap<>();
    columns.put(Batch.INPUT, inputs);
    columns.put(Batch.TARGET, NDArray.of(Shape.of(20, 1), new float[20]));
    return Datasets.of(columns);
  }

  /** The model of a run that stops is the model that it was before. */
  @Test
  void nothingIsLearntFromABadStep() {
    DivergedException stopped = catchThrowableOfType(DivergedException.class, () ->
        trainer.train(poisoned(17, 17), Examples.of(Fixtures.numbers(80)), settings(Settings.OnNan.STOP)));
    assertThat(stopped.step()).isEqualTo(17);
    assertThat(stopped.epoch()).isEqualTo(2);
    assertThat(stopped.where()).startsWith("first in layer 'poison', the 3rd of 5");
    assertThat(steps).hasSize(16);
  }

  @Test
  void aBatchIsLeftOut() throws Exception {
    try (var result = trainer.train(
        poisoned(17, 18), Examples.of(Fixtures.numbers(80)), settings(Settings.OnNan.SKIP))) {
      assertThat(result.steps()).isEqualTo(40);
      assertThat(result.model().store().read("training.step").item()).isEqualTo(40);
      assertThat(steps).hasSize(38).doesNotContain(17L, 18L);
      assertThat(result.metrics().get("train").get("loss")).isFinite();
    }
    assertThat(warnings).hasSize(2);
    assertThat(warnings.getFirst()).startsWith("step_left_out at 17: step 17 (epoch 2, batch 7) gave");
    assertThat(warnings.getLast()).startsWith("steps_left_out at 40: 2 batches of 40 steps");
  }

  /** The other batches of an update still count, and what waits is forgotten where none is left. */
  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void aBatchIsLeftOutOfAnUpdate(int bad) throws Exception {
    NDArray inputs = NDArray.zeros(dev.ashlar.tensor.TensorType.of(dev.ashlar.tensor.DType.F32, 16, 4));
    for (int i = 0; i < 64; i++) {
      inputs.set(i, (i * 7 % 11 - 5) / 5.0);
    }
    for (int i = 0; i < bad; i++) {
      inputs.set(i * 8, Double.NaN); // batches of 2, from the first; updates of 4
    }
    NDArray targets = NDArray.of(Shape.of(16, 1), new float[16]);
    Dataset data = Datasets.of(new LinkedHashMap<>(Map.of(Batch.INPUT, inputs, Batch.TARGET, targets)));
    Settings settings = new Settings(2, 2, 0, false, Settings.Keep.LAST, "loss", java.util.Optional.empty())
        .withAccumulation(4).withOnNan(Settings.OnNan.SKIP);
    try (var result = trainer.train(task(Dense.of(1)), Examples.of(data), settings)) {
      assertThat(result.steps()).isEqualTo(4);
      assertThat(steps).isEqualTo(bad == 4 ? List.of(2L, 4L) : List.of(1L, 2L, 3L, 4L));
      assertThat(result.model().store().read("training.waiting").item()).isZero();
      assertThat(result.model().store().read("dense.weight").toDoubles()).doesNotContain(Double.NaN);
    }
  }

  /** A bad example is met once: what comes next in the data goes on behind it. */
  @Test
  void aRunGoesBackAndOnBehindTheBatch() throws Exception {
    Dataset data = spoilt(22); // the third batch of 8
    Settings settings = new Settings(2, 8, 0, false, Settings.Keep.LAST, "loss", java.util.Optional.empty())
        .withOnNan(Settings.OnNan.ROLLBACK).withSteps(7, 4);
    try (var result = trainer.train(task(Dense.of(1)), Examples.of(data), settings)) {
      // Batches 1 2 [3: back to 0] 4 5 1 2 | [3: back to 4] 4 5 1
      assertThat(steps).containsExactly(1L, 2L, 1L, 2L, 3L, 4L, 5L, 6L, 7L);
      assertThat(result.model().store().read("training.step").item()).isEqualTo(7);
    }
    assertThat(warnings).hasSize(2);
    assertThat(warnings.getFirst()).startsWith("rolled_back at 0: step 3 (epoch 1, batch 3) gave")
        .contains("in example 22", "as it was after step 0");
    assertThat(warnings.getLast()).isEqualTo("rolled_back at 4: step 5 (pass 2 over the examples, batch 3): the same again;"
        + " back to what it was after step 4");
  }

  /** An update that goes too far shows in no loss yet. */
  @Test
  void noCheckpointHoldsWhatIsNotFinite(@TempDir Path folder) throws Exception {
    NDArray targets = NDArray.of(Shape.of(40, 1), new float[40]);
    for (int i = 0; i < 40; i++) {
      targets.set(i, 100);
    }
    Dataset data = Datasets.of(new LinkedHashMap<>(Map.of(Batch.INPUT, inputs(), Batch.TARGET, targets)));
    Task task = Task.of(Sequential.of(Dense.of(1)), new MeanSquaredError(), Sgd.of(3e38));
    Settings settings = Settings.of(4, 8).withCheckpoint(Checkpointing.STANDARD.withSteps(1));
    DivergedException stopped = catchThrowableOfType(DivergedException.class,
        () -> trainer.train(task, Examples.of(data), settings, Checkpoints.in(folder)).close());
    assertThat(stopped).hasMessageContaining("after step 1").hasMessageContaining("holds values that are not finite");
    assertThat(new CheckpointSeries(folder).newestFirst()).isEmpty();
  }

  /** Where a run stops though its weights are good, they are not lost. */
  @Test
  void aRunThatStopsLeavesACheckpoint(@TempDir Path folder) throws Exception {
    Dataset data = spoilt(22); // the third batch of 8
    Settings settings = new Settings(2, 8, 0, false, Settings.Keep.LAST, "loss", java.util.Optional.empty());
    assertThat(catchThrowableOfType(DivergedException.class,
        () -> trainer.train(task(Dense.of(1)), Examples.of(data), settings, Checkpoints.in(folder)).close())).isNotNull();
    assertThat(new CheckpointSeries(folder).newestFirst()).containsExactly(new CheckpointSeries(folder).at(2));
  }

  /** Its weights may be ruined all the same: none of those that were to stay goes for it. */
  @Test
  void aRunThatStopsKeepsEarlierCheckpoints(@TempDir Path folder) throws Exception {
    Settings settings = new Settings(2, 8, 0, false, Settings.Keep.LAST, "loss", java.util.Optional.empty())
        .withCheckpoint(Checkpointing.STANDARD.withSteps(2).withKept(1));
    assertThat(catchThrowableOfType(DivergedException.class, () -> trainer.train(task(Dense.of(1)),
        Examples.of(spoilt(30)), settings, Checkpoints.in(folder)).close())).isNotNull();
    CheckpointSeries series = new CheckpointSeries(folder);
    assertThat(series.newestFirst()).containsExactly(series.at(3), series.at(2));
  }

  /** An epoch all of whose batches were left out has measured nothing, and is not the best. */
  @Test
  void nothingMeasuredIsNoSuccess() throws Exception {
    List<Double> losses = new ArrayList<>();
    Trainer told = new Trainer(backend, new TrainingListener() {
      @Override
      public void epoch(EpochReport report, Model model) {
        losses.add(report.metrics().get(Examples.TRAIN).get(Programs.LOSS));
      }
    });
    try (TrainingResult result = told.train(poisoned(11, 20), Examples.of(Fixtures.numbers(80)),
        settings(Settings.OnNan.SKIP))) {
      assertThat(result.epoch()).isEqualTo(4);
    }
    assertThat(losses).hasSize(4);
    assertThat(losses.get(1)).isNaN();
    assertThat(losses.get(2)).isFinite();
  }

  /** The row is found by what the layer makes of it, though its numbers are finite. */
  @Test
  void anExampleThatIsTooLargeIsNamed() throws Exception {
    NDArray inputs = inputs();
    inputs.set(22, 3e38);
    NDArray targets = NDArray.of(Shape.of(40, 1), new float[40]);
    Dataset all = Datasets.of(new LinkedHashMap<>(Map.of(Batch.INPUT, inputs, Batch.TARGET, targets)));
    Dataset later = Datasets.subset(all, java.util.stream.LongStream.range(10, 40).toArray());
    assertThat(message(task(Dense.of(4), Dense.of(1)), later, settings(Settings.OnNan.STOP)))
        .contains(", in example 22 (counted from 0)", "Its numbers go up to 3.0e+38: mend the data, or scale them");
  }

  /** A row that always comes again before an epoch is through stands in no run's way for ever. */
  @Test
  void whatComesAgainWhereverARunGoesBackToIsLeftOut() throws Exception {
    try (TrainingResult result = trainer.train(task(Dense.of(1)), Examples.of(spoilt(22)),
        Settings.of(4, 4).withOnNan(Settings.OnNan.ROLLBACK).withSteps(40, 20))) {
      assertThat(result.steps()).isEqualTo(40);
    }
    assertThat(warnings.stream().filter(told -> told.startsWith("rolled_back")).toList()).hasSizeGreaterThan(2)
        .satisfies(told -> {
          assertThat(told.getFirst()).contains("in example 22 (counted from 0). The model is again as it was after step");
          assertThat(told.getLast()).containsPattern(
              "step \\d+ \\(pass \\d+ over the examples, batch \\d\\): the same again; back to what it was after step \\d+");
        });
    assertThat(warnings).filteredOn(told -> told.startsWith("step_left_out")).singleElement().asString()
        .contains(" 3 times, to no avail: the update is left out");
  }

  /** 40 examples, of which one is no number. */
  private static Dataset spoilt(int example) {
    NDArray inputs = inputs();
    inputs.set(example, Double.NaN);
    NDArray targets = NDArray.of(Shape.of(40, 1), new float[40]);
    return Datasets.of(new LinkedHashMap<>(Map.of(Batch.INPUT, inputs, Batch.TARGET, targets)));
  }

  private static NDArray inputs() {
    NDArray inputs = NDArray.zeros(dev.ashlar.tensor.TensorType.of(dev.ashlar.tensor.DType.F32, 40, 1));
    for (int i = 0; i < 40; i++) {
      inputs.set(i, i / 40.0);
    }
    return inputs;
  }
}
