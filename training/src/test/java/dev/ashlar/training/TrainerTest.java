package dev.ashlar.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.ashlar.data.Dataset;
import dev.ashlar.io.data.Datasets;
import dev.ashlar.layers.Dense;
import dev.ashlar.layers.Sequential;
import dev.ashlar.layers.losses.CrossEntropy;
import dev.ashlar.layers.losses.MeanSquaredError;
import dev.ashlar.layers.metrics.Auroc;
import dev.ashlar.layers.metrics.ConfusionMatrix;
import dev.ashlar.layers.metrics.Recall;
import dev.ashlar.model.Activation;
import dev.ashlar.model.Batch;
import dev.ashlar.optimizers.Sgd;
import dev.ashlar.program.Backend;
import dev.ashlar.reference.ReferenceBackend;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class TrainerTest {

  private final Backend backend = new ReferenceBackend();
  private final List<EpochReport> reports = new ArrayList<>();
  private final Trainer trainer = new Trainer(backend, new TrainingListener() {
    @Override
    public void epoch(EpochReport report) {
      reports.add(report);
    }
  });

  /** As a configuration says it where the same is written there. */
  @Test
  void numbersOutOfTheirRangeAreToldWhenATaskIsMade() {
    assertThatThrownBy(() -> Task.of(Sequential.of(Dense.of(3), Dense.of(0)), new MeanSquaredError(), Sgd.of(0.1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("sequential.").hasMessageEndingWith("[1].units: 0; expected: a number >= 1");
    assertThatThrownBy(() -> Task.of(Dense.of(3), new MeanSquaredError(), Sgd.of(-1)))
        .isInstanceOf(IllegalArgumentException.class).hasMessageEndingWith(": -1.0; expected: a number >= 0");
  }

  @Test
  void lossFallsAndWhatWasDoneIsTold() throws Exception {
    try (var result = trainer.train(
        Fixtures.classification(), Examples.of(Fixtures.classes(50), new Split(0.2, 0.2, true, 0)), Settings.of(5, 8))) {
      assertThat(reports).hasSize(5);
      assertThat(reports.getLast().metrics().keySet()).containsExactly("train", "validation");
      assertThat(reports.getLast().metrics().get("train").keySet()).containsExactly("loss", "accuracy");
      assertThat(loss(reports.getLast())).isLessThan(loss(reports.getFirst()));
      assertThat(reports.getLast().step()).isEqualTo(5 * 4);
      assertThat(result.metrics().keySet()).containsExactly("train", "validation", "test");
      assertThat(result.metrics().get("test").get("accuracy")).isBetween(0.5, 1.0);
    }
  }

  /** Noise is off, batches may be larger than the part to learn from, and the last epoch need not be the one kept. */
  @Test
  void whatIsToldOfTheModelIsWhatEvaluationMeasures() throws Exception {
    Task task = Fixtures.classification();
    Examples examples = Examples.of(Fixtures.classes(50), new Split(0.6, 0.2, true, 0));
    try (var result = trainer.train(task, examples, Settings.of(5, 16))) {
      for (var part : examples.parts().entrySet()) {
        assertThat(result.metrics().get(part.getKey())).as(part.getKey())
            .isEqualTo(trainer.evaluate(task, result.model(), part.getValue(), 16));
      }
      assertThat(result.metrics().get("train")).isNotEqualTo(reports.get(result.epoch() - 1).metrics().get("train"));
    }
  }

  /** Scores that are kept until all are there, and counts that are added up, give the same in any batches. */
  @Test
  void classesAreToldByName() throws Exception {
    Task task = Fixtures.classification().withMetrics(new ConfusionMatrix(), new Recall(), new Auroc());
    Dataset data = Fixtures.classes(50);
    try (var result = trainer.train(task, Examples.of(data, new Split(0.2, 0, true, 0)), Settings.of(2, 7))) {
      Measures test = result.measures().get("test");
      assertThat(test.byClass().keySet()).containsExactly("confusion_matrix", "recall");
      ClassTable matrix = test.byClass().get("confusion_matrix");
      assertThat(matrix.classes()).containsExactly("below", "above");
      assertThat(matrix.isMatrix()).isTrue();
      assertThat(java.util.Arrays.stream(matrix.rows()).flatMapToDouble(java.util.Arrays::stream).sum()).isEqualTo(10);
      double[] below = matrix.rows()[0];
      assertThat(test.byClass().get("recall").rows()[0][0]).isCloseTo(below[0] / (below[0] + below[1]), within(1e-9));
      Measures whole = trainer.measure(task, result.model(), data, 50);
      Measures pieces = trainer.measure(task, result.model(), data, 7);
      assertThat(pieces.values().get("auroc")).isEqualTo(whole.values().get("auroc")).isBetween(0.5, 1.0);
      assertThat(pieces.byClass().get("confusion_matrix").rows())
          .isDeepEqualTo(whole.byClass().get("confusion_matrix").rows());
    }
  }

  /** An autoencoder compares with the input; a loss of one's own may not even look at weights. */
  @Test
  void lossesNeedNotLookAtAllColumns() throws Exception {
    Dense network = Dense.of(2);
    Task reconstruction = Task.of(
        network, (outputs, batch) -> outputs.first().sub(batch.columns().get(Batch.INPUT)).square().mean(), Sgd.of(0.1));
    Dataset data = Fixtures.classes(48);
    Settings settings = Settings.of(20, 8);
    try (var result = trainer.train(reconstruction, Examples.of(data, Split.test(0.25)), settings)) {
      assertThat(result.metrics().get("test").get("loss")).isLessThan(0.1);
    }
  }

  @Test
  void sameSeedSameBits() throws Exception {
    assertThat(weights(1)).isEqualTo(weights(1));
    assertThat(weights(1)).isNotEqualTo(weights(2));
  }

  private Map<String, List<Double>> weights(long seed) throws Exception {
    try (var result = trainer.train(
        Fixtures.regression(), Examples.of(Fixtures.numbers(20)), Settings.of(3, 8).withSeed(seed))) {
      Map<String, List<Double>> weights = new TreeMap<>();
      result.model().store().types().keySet().forEach(name -> weights.put(name,
          java.util.Arrays.stream(result.model().store().read(name).toDoubles()).boxed().toList()));
      assertThat(weights).containsKeys("dense.weight", "dense.bias", "dense_1.weight", "dense_1.bias");
      return weights;
    }
  }

  @Test
  void paddingCountsForNothing() throws Exception {
    Dataset data = Fixtures.classes(10);
    try (var result = trainer.train(Fixtures.classification(), Examples.of(data), Settings.of(1, 5))) {
      var whole = trainer.evaluate(Fixtures.classification(), result.model(), data, 10);
      var padded = trainer.evaluate(Fixtures.classification(), result.model(), data, 4);
      assertThat(padded.get("accuracy")).isEqualTo(whole.get("accuracy"));
      assertThat(padded.get("loss")).isCloseTo(whole.get("loss"), within(1e-6));
    }
  }

  @Test
  void paddingTrainsNothing() throws Exception {
    Dataset all = Fixtures.numbers(7);
    Settings once = new Settings(1, 7, 0, false, Settings.Keep.LAST, "loss", Optional.empty());
    Settings inPieces = new Settings(1, 4, 0, false, Settings.Keep.LAST, "loss", Optional.empty());
    Task still = Task.of(Sequential.of(Dense.of(1)), new MeanSquaredError(), Sgd.of(0));
    try (var a = trainer.train(still, Examples.of(all), once); var b = trainer.train(still, Examples.of(all), inPieces)) {
      assertThat(b.metrics().get("train").get("loss")).isCloseTo(a.metrics().get("train").get("loss"), within(1e-6));
      assertThat(b.steps()).isEqualTo(2);
    }
  }

  @Test
  void theBestEpochByValidationIsKept() throws Exception {
    // Far too large a step: later epochs are worse than the first.
    Task wild = Task.of(Sequential.of(Dense.of(1)), new MeanSquaredError(), Sgd.of(0.9));
    Examples examples = Examples.of(Fixtures.numbers(40), new Split(0, 0.5, true, 0));
    try (var result = trainer.train(wild, examples, Settings.of(6, 4))) {
      double best = reports.stream().mapToDouble(r -> r.metrics().get("validation").get("loss")).min().orElseThrow();
      assertThat(result.metrics().get("validation").get("loss")).isEqualTo(best);
      assertThat(reports.get(result.epoch() - 1).best()).isTrue();
      var again = trainer.evaluate(wild, result.model(), examples.validation().orElseThrow(), 4);
      assertThat(again.get("loss")).isEqualTo(best);
    }
  }

  @Test
  void patienceEnds() throws Exception {
    Settings patient = new Settings(50, 4, 0, true, Settings.Keep.BEST, "loss", Optional.of(2));
    Task still = Task.of(Sequential.of(Dense.of(1)), new MeanSquaredError(), Sgd.of(0));
    try (var result = trainer.train(still, Examples.of(Fixtures.numbers(10), new Split(0, 0.5, true, 0)), patient)) {
      assertThat(result.epochs()).isEqualTo(3);
      assertThat(result.epoch()).isEqualTo(1);
    }
  }

  @Test
  void aLossThatIsNotFiniteNamesStepAndLayer() {
    Activation bad = x -> x.log();
    Task task = Task.of(
        Sequential.of(Dense.of(3)).then("shrink", bad).then("head", Dense.of(1)), new MeanSquaredError(), Sgd.of(0.1));
    assertThatThrownBy(() -> trainer.train(task, Examples.of(Fixtures.numbers(10)), Settings.of(2, 5)))
        .isInstanceOfSatisfying(DivergedException.class, e -> {
          assertThat(e.step()).isEqualTo(1);
          assertThat(e.epoch()).isEqualTo(1);
          assertThat(e.where()).isEqualTo("first in layer 'shrink', the 2nd of 3 (operation log)");
          assertThat(e).hasMessageEndingWith("Lower the learning rate, or clip gradients");
        });
  }

  @Test
  void aTargetThatIsNoClassIsNamed() {
    Map<String, NDArray> columns = new LinkedHashMap<>();
    columns.put(Batch.INPUT, NDArray.of(Shape.of(2, 1), 1f, 3f));
    columns.put(Batch.TARGET, NDArray.of(Shape.of(2), 1, -100));
    Task task = Task.of(Sequential.of(Dense.of(3)), new CrossEntropy(), Sgd.of(0.1));
    assertThatThrownBy(() -> trainer.train(task, Examples.of(Datasets.of(columns)), Settings.of(1, 2)))
        .isInstanceOfSatisfying(DivergedException.class,
            e -> assertThat(e).hasMessageContaining("a target is no class").hasMessageContaining("'cross_entropy: -100'"));
  }

  @Test
  void dataThatAreNotFiniteAreNamed() {
    Map<String, NDArray> columns = new LinkedHashMap<>();
    columns.put(Batch.INPUT, NDArray.of(Shape.of(2, 1), 1f, Float.NaN));
    columns.put(Batch.TARGET, NDArray.of(Shape.of(2, 1), 1f, 2f));
    assertThatThrownBy(() -> trainer.train(
            Task.of(Sequential.of(Dense.of(1)), new MeanSquaredError(), Sgd.of(0.1)),
            Examples.of(Datasets.of(columns)), Settings.of(1, 2)))
        .hasMessageContaining("column 'input' holds a value that is not finite")
        .hasMessageEndingWith("Mend the data");
  }

  @Test
  void aGradientThatIsNotFiniteChangesNothing() throws Exception {
    // The derivative of the square root has no bound at 0, where the function is 0.
    Activation steep = x -> x.sub(x).maximum(0).sqrt();
    Task task = Task.of(Sequential.of(Dense.of(1)).then("steep", steep), new MeanSquaredError(), Sgd.of(0.1));
    var step = Programs.step(task, Fixtures.numbers(4).columns(), 4, 1);
    try (var store = backend.newStore()) {
      Seeds.run(backend.compile(dev.ashlar.program.Computation.initialize(step.variables())), store, 1);
      Map<String, double[]> before = values(store);
      var program = backend.compile(step);
      Map<String, NDArray> arguments = new LinkedHashMap<>();
      program.arguments().forEach((name, type) -> arguments.put(name, NDArray.zeros(type)));
      arguments.get(Batch.WEIGHT).set(0, 1);
      var results = program.run(store, arguments);
      assertThat(results.get(Programs.FINITE).get(0)).isZero();
      assertThat(results.get(Programs.LOSS).get(0)).isFinite();
      values(store).forEach((name, value) -> assertThat(value).as(name).isEqualTo(before.get(name)));
    }
  }

  private static Map<String, double[]> values(dev.ashlar.program.VariableStore store) {
    Map<String, double[]> values = new TreeMap<>();
    store.types().keySet().forEach(name -> values.put(name, store.read(name).toDoubles()));
    return values;
  }

  @Test
  void anInterruptEndsIt() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() ->
            trainer.train(Fixtures.regression(), Examples.of(Fixtures.numbers(10)), Settings.of(1, 5)))
        .isInstanceOf(InterruptedException.class);
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void whatIsNotMeasuredTellsNoBestEpoch() {
    Settings settings = new Settings(1, 5, 0, true, Settings.Keep.BEST, "accuracy", Optional.empty());
    assertThatIllegalArgumentException().isThrownBy(() ->
            trainer.train(Fixtures.regression(), Examples.of(Fixtures.numbers(10)), settings))
        .withMessageContaining("accuracy");
  }

  @Test
  void transformsLearnFromWhatThoseBeforeThemLeave() throws Exception {
    Architecture whole = new Architecture(
        List.of(new dev.ashlar.io.transforms.Divide(16), new dev.ashlar.io.transforms.Standardize()), Dense.of(1));
    Dataset data = Fixtures.numbers(30);
    Architecture fitted = whole.fitted(data, dev.ashlar.model.Precision.F32);
    Tensor x = Tensor.input("input", data.columns().get("input").withShape(Shape.of(30, 4)));
    var trace = dev.ashlar.model.Trace.inference(dev.ashlar.model.Precision.F32);
    Tensor prepared = x;
    for (var transform : fitted.transforms()) {
      prepared = trace.root().call(transform, prepared);
    }
    NDArray inputs = NDArray.zeros(x.type());
    data.read(java.util.stream.LongStream.range(0, 30).toArray(), 30, Map.of("input", inputs));
    var mean = dev.ashlar.reference.Reference.evaluate(prepared.mean(0), Map.of("input", inputs));
    var square = dev.ashlar.reference.Reference.evaluate(prepared.square().mean(0), Map.of("input", inputs));
    assertThat(mean.toDoubles()).containsExactly(new double[4], within(1e-5));
    assertThat(square.toDoubles()).containsExactly(new double[] {1, 1, 1, 1}, within(1e-4));
  }

  private static double loss(EpochReport report) {
    return report.metrics().get("train").get("loss");
  }

  @Test
  void slowDataAreReadAheadToTheSameBits() throws Exception {
    Settings settings = Settings.of(3, 8).withSeed(4);
    Set<String> threads = ConcurrentHashMap.newKeySet();
    Dataset slow = new Late(Fixtures.numbers(100), threads, reads -> {});
    try (var a = trainer.train(Fixtures.regression(), Examples.of(Fixtures.numbers(100)), settings);
        var b = trainer.train(Fixtures.regression(), Examples.of(slow), settings)) {
      assertThat(b.metrics()).isEqualTo(a.metrics());
      assertThat(b.model().predict(1, 2, 3, 4)).containsExactly(a.model().predict(1, 2, 3, 4));
    }
    assertThat(threads).contains("ashlar-read", Thread.currentThread().getName());
    assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName).doesNotContain("ashlar-read");

    Dataset failing = new Late(Fixtures.numbers(100), threads, reads -> {
      if (reads == 10) {
        throw new IOException("the disk is gone");
      }
    });
    assertThatThrownBy(() -> trainer.train(Fixtures.regression(), Examples.of(failing), settings))
        .isInstanceOf(IOException.class).hasMessage("the disk is gone");
    Dataset large = new Late(Fixtures.numbers(100), threads, reads -> {
      if (reads == 10) {
        throw new OutOfMemoryError("too large an image");
      }
    });
    assertThatThrownBy(() -> trainer.train(Fixtures.regression(), Examples.of(large), settings))
        .isInstanceOf(OutOfMemoryError.class).hasMessage("too large an image");
  }

  /** What may go wrong. */
  private interface Failure {
    void at(int reads) throws IOException;
  }

  /** A set that takes its time, and may fail. */
  private record Late(Dataset data, Set<String> threads, Failure failure, AtomicInteger reads) implements Dataset {
    Late(Dataset data, Set<String> threads, Failure failure) {
      this(data, threads, failure, new AtomicInteger());
    }

    @Override
    public long size() {
      return data.size();
    }

    @Override
    public SequencedMap<String, TensorType> columns() {
      return data.columns();
    }

    @Override
    public void read(long[] positions, int count, Map<String, NDArray> batch) throws IOException {
      LockSupport.parkNanos(1_000_000);
      threads.add(Thread.currentThread().getName());
      failure.at(reads.incrementAndGet());
      data.read(positions, count, batch);
    }
  }
}
