package dev.ashlar.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.ashlar.data.Dataset;
import dev.ashlar.io.data.Datasets;
import dev.ashlar.layers.Dense;
import dev.ashlar.layers.Sequential;
import dev.ashlar.layers.activations.Activations;
import dev.ashlar.layers.losses.BinaryCrossEntropy;
import dev.ashlar.layers.losses.CrossEntropy;
import dev.ashlar.layers.losses.MeanAbsoluteError;
import dev.ashlar.layers.losses.MeanSquaredError;
import dev.ashlar.model.Batch;
import dev.ashlar.model.Block;
import dev.ashlar.model.Loss;
import dev.ashlar.optimizers.Adam;
import dev.ashlar.optimizers.Sgd;
import dev.ashlar.program.Backend;
import dev.ashlar.reference.ReferenceBackend;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.TensorType;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that go wrong in common ways are warned of, once; those that go well are not. */
class SymptomsTest {

  private final Backend backend = new ReferenceBackend();
  private final Map<String, String> warnings = new TreeMap<>();
  private final Trainer trainer = new Trainer(backend, new TrainingListener() {
    @Override
    public void warning(long step, String kind, String message) {
      assertThat(warnings.put(kind, message)).as("told before").isNull();
    }
  });

  private void train(Task task, Examples examples, Settings settings) throws Exception {
    trainer.train(task, examples, settings).close();
  }

  /** Examples of some classes, with inputs that say nothing of them, or all. */
  private static Dataset classes(int rows, boolean isTelling, double... shares) {
    Random random = new Random(2);
    NDArray inputs = NDArray.zeros(TensorType.of(DType.F32, rows, 4));
    int[] targets = new int[rows];
    for (int i = 0; i < rows; i++) {
      double drawn = (i + 0.5) / rows;
      while (drawn > shares[targets[i]]) {
        drawn -= shares[targets[i]++];
      }
      for (int j = 0; j < 4; j++) {
        inputs.set(4L * i + j, isTelling ? (j == targets[i] ? 1 : 0) : random.nextGaussian());
      }
    }
    Map<String, NDArray> columns = new LinkedHashMap<>();
    columns.put(Batch.INPUT, inputs);
    columns.put(Batch.TARGET, NDArray.of(Shape.of(rows), targets));
    return Datasets.of(columns, List.of("red", "green", "blue").subList(0, shares.length), List.of("a", "b", "c", "d"));
  }

  private static Task classifier(double rate, Block... layers) {
    return Task.of(Sequential.of(layers), new CrossEntropy(), Adam.of(rate));
  }

  @Test
  void whatGoesWellIsNotWarnedOf() throws Exception {
    train(classifier(0.01, Dense.of(16).withActivation(Activations.RELU), Dense.of(3)),
        Examples.of(classes(300, true, 0.4, 0.3, 0.3), new Split(0.2, 0.2, true, 0)), Settings.of(20, 16));
    train(Fixtures.classification(), Examples.of(Fixtures.classes(300), new Split(0, 0.3, true, 0)), Settings.of(20, 16));
    assertThat(warnings).isEmpty();
  }

  @Test
  void aRateOfZeroIsSeen() throws Exception {
    train(Task.of(Dense.of(1), new MeanSquaredError(), Sgd.of(0)), Examples.of(Fixtures.numbers(64)), Settings.of(3, 8));
    assertThat(warnings).containsOnlyKeys("weights_unchanged");
    assertThat(warnings.get("weights_unchanged")).startsWith("no weight has changed in 8 steps: the learning rate is 0")
        .contains("--find-rate");
  }

  /** Noise teaches nothing but shares; the loss of rare classes is small from the start, and no success. */
  @Test
  void whatIsNoBetterThanGuessingIsSeen() throws Exception {
    train(classifier(1e-3, Dense.of(2)), Examples.of(classes(600, false, 0.95, 0.05), new Split(0, 0.3, true, 0)),
        Settings.of(12, 16));
    assertThat(warnings.get("not_learning")).matches("the loss of [0-9.]+ after [0-9]+ steps is no better than that of"
        + " always giving the same answer, 0\\.(19|2)[0-9]*\\. Try another learning rate.*");
  }

  @Test
  void aClassThatIsNeverPredictedIsSeen() throws Exception {
    train(classifier(0.01, Dense.of(2)), Examples.of(classes(400, false, 0.9, 0.1), new Split(0, 0.3, true, 0)),
        Settings.of(10, 16));
    assertThat(warnings.get("class_never_predicted")).startsWith("class 'green' is never predicted, though ")
        .contains(" of 120 examples are of it");
  }

  @Test
  void deadUnitsAreSeen() throws Exception {
    // Inputs are positive, and a leap turns all weights below 0.
    NDArray inputs = NDArray.zeros(TensorType.of(DType.F32, 160, 4));
    for (int i = 0; i < inputs.size(); i++) {
      inputs.set(i, 1 + i % 7);
    }
    NDArray targets = NDArray.zeros(TensorType.of(DType.F32, 160, 1));
    Task task = Task.of(Sequential.of(Dense.of(8).withActivation(Activations.RELU), Dense.of(1)),
        new MeanSquaredError(), Sgd.of(5));
    train(task, Examples.of(Datasets.of(new LinkedHashMap<>(Map.of(Batch.INPUT, inputs, Batch.TARGET, targets)))),
        Settings.of(2, 160));
    assertThat(warnings.get("dead_units")).matches(
        "[4-8] of 8 rectified units of layer 'dense' are 0 for all of 160 examples, and learn no more\\. Lower.*");
  }

  @Test
  void gradientsThatExplodeAreSeen() throws Exception {
    train(Task.of(Sequential.of(Dense.of(1)), new MeanSquaredError(), Sgd.of(1.2)), Examples.of(Fixtures.numbers(64)),
        Settings.of(8, 16));
    assertThat(warnings.get("exploding_gradients")).contains("gradients grow large, to ", "clip_by_global_norm");
  }

  @Test
  void gradientsThatVanishAreNamed() throws Exception {
    Block[] deep = new Block[14];
    for (int i = 0; i < 13; i++) {
      deep[i] = Dense.of(4).withActivation(Activations.SIGMOID);
    }
    deep[13] = Dense.of(2);
    train(classifier(0.001, deep), Examples.of(classes(256, false, 0.6, 0.4)), Settings.of(8, 16));
    assertThat(warnings.get("vanishing_gradients")).startsWith("'dense.weight' gets next to no gradient: at most ")
        .contains("relu or gelu in place of sigmoid");
  }

  @Test
  void learningByHeartIsSeen() throws Exception {
    train(classifier(0.02, Dense.of(128).withActivation(Activations.TANH), Dense.of(2)),
        Examples.of(classes(60, false, 0.5, 0.5), new Split(0, 0.5, true, 0)), Settings.of(60, 8));
    assertThat(warnings.get("overfitting")).startsWith("validation loss has risen from ").contains(" in epoch ",
        "by heart", "early_stopping", "the best model is kept");
  }

  /** Nobody can tell which epoch is best; the first of all, which has learnt least, is not it. */
  @Test
  void validationDataThatAreNotFiniteAreNamed() throws Exception {
    Examples good = Examples.of(Fixtures.numbers(64));
    NDArray inputs = NDArray.zeros(TensorType.of(DType.F32, 20, 4));
    inputs.set(4 * 13 + 1, Double.NaN);
    Dataset spoilt = Datasets.of(new LinkedHashMap<>(Map.of(Batch.INPUT, inputs,
        Batch.TARGET, NDArray.of(Shape.of(20, 1), new float[20]))));
    Task task = Task.of(Sequential.of(Dense.of(1)), new MeanSquaredError(), Sgd.of(0.05));
    for (boolean isValidation : new boolean[] {true, false}) {
      warnings.clear();
      Examples examples = isValidation ? new Examples(good.train(), Optional.of(spoilt), Optional.empty())
          : new Examples(good.train(), Optional.empty(), Optional.of(spoilt));
      try (TrainingResult result = trainer.train(task, examples, Settings.of(3, 8))) {
        assertThat(result.epoch()).isEqualTo(3);
      }
      String part = isValidation ? "validation" : "test";
      assertThat(warnings).containsOnlyKeys("not_finite_" + part);
      assertThat(warnings.get("not_finite_" + part)).startsWith("the loss of the " + part + " data is not finite: the data:"
          + " column 'input' holds a value that is not finite, in example 13 (counted from 0). Mend the data")
          .matches(told -> told.contains("the latest is kept") == isValidation);
    }
  }

  @Test
  void whatWasSeenBeforeAnInterruptionCounts(@TempDir Path folder) throws Exception {
    Task task = classifier(0.02, Dense.of(128).withActivation(Activations.TANH), Dense.of(2));
    Examples examples = Examples.of(classes(60, false, 0.5, 0.5), new Split(0, 0.5, true, 0));
    Settings settings = Settings.of(60, 8);
    train(task, examples, settings);
    Map<String, String> whole = new TreeMap<>(warnings);
    assertThat(whole).containsOnlyKeys("overfitting");
    for (int stop : new int[] {18, 28, 30, 200}) {
      warnings.clear();
      Path checkpoints = folder.resolve("stop-" + stop);
      int[] steps = {0};
      TrainingListener counting = new TrainingListener() {
        @Override
        public void step(long step, double loss) {
          steps[0]++;
        }
      };
      Trainer first = new Trainer(backend, TrainingListener.all(List.of(trainer.listener(), counting)));
      assertThatThrownBy(() -> first.train(task, examples, settings,
          Checkpoints.in(checkpoints).withStopping(() -> steps[0] >= stop))).isInstanceOf(TrainingInterrupted.class);
      trainer.train(task, examples, settings, Checkpoints.in(checkpoints).resuming()).close();
      assertThat(warnings).as("interrupted after step " + stop).isEqualTo(whole);
    }
  }

  @Test
  void guessingIsWhatEachLossMakesOfIt() {
    TensorType labels = TensorType.of(DType.I32, 8);
    NDArray targets = NDArray.of(Shape.of(8), 0, 0, 0, 1, 1, 2, 2, 2);
    double entropy = -(2 * 3.0 / 8 * Math.log(3.0 / 8) + 0.25 * Math.log(0.25));
    assertThat(loss(new CrossEntropy(), labels, targets, TensorType.of(DType.F32, 8, 3))).isCloseTo(entropy, within(1e-5));
    assertThat(loss(new CrossEntropy(), labels, targets, TensorType.of(DType.F32, 8, 1000)))
        .as("without a batch of a thousand classes").isCloseTo(entropy, within(1e-5));
    assertThat(loss(new CrossEntropy(), TensorType.of(DType.I32, 2, 4), targets.reshape(2, 4),
        TensorType.of(DType.F32, 2, 4, 3))).as("in a sequence").isCloseTo(entropy, within(1e-5));
    double one = -(0.25 * Math.log(0.25) + 0.75 * Math.log(0.75));
    assertThat(loss(new BinaryCrossEntropy(), TensorType.of(DType.I32, 4), NDArray.of(Shape.of(4), 0, 1, 0, 0),
        TensorType.of(DType.F32, 4, 1))).isCloseTo(one, within(1e-5));
    NDArray numbers = NDArray.of(Shape.of(4, 1), 0f, 0f, 0f, 8f);
    TensorType column = TensorType.of(DType.F32, 4, 1);
    assertThat(loss(new MeanSquaredError(), column, numbers, column)).isCloseTo(12, within(1e-5));
    assertThat(loss(new MeanAbsoluteError(), column, numbers, column)).as("the median").isCloseTo(2, within(1e-5));
    Loss own = (outputs, batch) -> outputs.first().sub(batch.columns().get(Batch.INPUT)).square().mean();
    assertThat(loss(own, column, numbers, column)).as("nobody knows").isNaN();
  }

  private static double loss(Loss loss, TensorType type, NDArray targets, TensorType output) {
    BaseRates rates = new BaseRates(Task.of(Dense.of(1), loss, Sgd.of(1)), type);
    rates.add(targets, type.shape().dim(0));
    return rates.loss(output).orElse(Double.NaN);
  }
}
