package dev.ashlar.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.ashlar.backend.cpu.Cpu;
import dev.ashlar.data.Dataset;
import dev.ashlar.io.data.Datasets;
import dev.ashlar.layers.BatchNorm;
import dev.ashlar.layers.Dense;
import dev.ashlar.layers.Sequential;
import dev.ashlar.layers.activations.Activations;
import dev.ashlar.layers.losses.MeanSquaredError;
import dev.ashlar.layers.metrics.Auroc;
import dev.ashlar.model.Batch;
import dev.ashlar.model.Metric;
import dev.ashlar.model.Optimizer;
import dev.ashlar.model.Trace;
import dev.ashlar.optimizers.Adam;
import dev.ashlar.optimizers.AdamW;
import dev.ashlar.optimizers.ClipByGlobalNorm;
import dev.ashlar.optimizers.Frozen;
import dev.ashlar.optimizers.Groups;
import dev.ashlar.optimizers.Lookahead;
import dev.ashlar.optimizers.Sgd;
import dev.ashlar.optimizers.schedules.Linear;
import dev.ashlar.optimizers.schedules.Plateau;
import dev.ashlar.program.Backend;
import dev.ashlar.reference.ReferenceBackend;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Updates of several batches, averages of weights, groups of parameters, schedules that heed results. */
class UpdatesTest {

  private static final Settings IN_ORDER =
      new Settings(3, 12, 0, false, Settings.Keep.LAST, "loss", Optional.empty());

  private final List<Double> losses = new ArrayList<>();
  private final Trainer trainer = new Trainer(new ReferenceBackend(), new TrainingListener() {
    @Override
    public void step(long step, double loss) {
      losses.add(loss);
    }
  });

  private static Task task(Optimizer optimizer) {
    return Task.of(Sequential.of(Dense.of(6).withActivation(Activations.TANH)).then("head", Dense.of(1)),
        new MeanSquaredError(), optimizer);
  }

  private Map<String, double[]> trained(Task task, Dataset data, Settings settings) throws Exception {
    try (var result = trainer.train(task, Examples.of(data), settings)) {
      return values(result);
    }
  }

  private static Map<String, double[]> values(TrainingResult result) {
    Map<String, double[]> values = new LinkedHashMap<>();
    for (String name : List.of("dense.weight", "dense.bias", "head.weight", "head.bias")) {
      values.put(name, result.model().store().read(name).toDoubles());
    }
    return values;
  }

  /** What a model notes of its batches, such as running means, it notes once for each. */
  @Test
  void runningMeansAreThoseOfTheBatches() throws Exception {
    Task task = Task.of(Sequential.of(new BatchNorm(), Dense.of(1)), new MeanSquaredError(), Sgd.of(0));
    List<double[]> variances = new ArrayList<>();
    for (Settings settings : List.of(IN_ORDER, IN_ORDER.withAccumulation(2))) {
      try (var result = trainer.train(task, Examples.of(Fixtures.numbers(24)), settings)) {
        variances.add(result.model().store().read("batch_norm.variance").toDoubles());
      }
    }
    assertThat(variances.get(1)).containsExactly(variances.get(0));
  }

  /** 22 examples: two updates in an epoch, the second of fewer, the last batch of fewer still. */
  @Test
  void severalBatchesAreAsOneLargeOne() throws Exception {
    Dataset data = Fixtures.numbers(22);
    for (Optimizer optimizer : List.of(Sgd.of(0.2).withMomentum(0.9),
        Adam.of(0).withLearningRate(new Linear(0.05, 2, 0.001)),
        new Groups(Map.of("dense.*", new Frozen()), Lookahead.of(Sgd.of(0.1))))) {
      Task task = task(optimizer).withGradients(new ClipByGlobalNorm(0.5));
      losses.clear();
      Map<String, double[]> whole = trained(task, data, IN_ORDER);
      List<Double> ofWhole = List.copyOf(losses);
      losses.clear();
      Settings inPieces = new Settings(3, 4, 0, false, Settings.Keep.LAST, "loss", Optional.empty());
      Map<String, double[]> pieces = trained(task, data, inPieces.withAccumulation(3));
      whole.forEach((name, value) ->
          assertThat(pieces.get(name)).as(name + " by " + optimizer).containsExactly(value, within(2e-6)));
      assertThat(losses).hasSize(6);
      for (int i = 0; i < 6; i++) {
        assertThat(losses.get(i)).isCloseTo(ofWhole.get(i), within(1e-5));
      }
      assertThat(trained(task, data, inPieces).get("head.weight")).isNotEqualTo(whole.get("head.weight"));
    }
  }

  @Test
  void noiseDiffersFromBatchToBatchOfOneUpdate() throws Exception {
    Task noisy = Fixtures.regression();
    Updates updates = new Updates(noisy, 1, true, Optional.empty(), Optional.empty());
    UpdatePrograms.Plan plan = UpdatePrograms.Plan.of(updates, Fixtures.numbers(8), 4);
    assertThat(plan.batch().reads().keySet()).contains(Trace.WAITING, Trace.STEP);
    assertThat(trainer.train(noisy, Examples.of(Fixtures.numbers(20)), Settings.of(3, 4).withAccumulation(2)).steps())
        .isEqualTo(9);
  }

  @Test
  void anOptimizerThatAsksTwiceCannotWaitForSeveralBatches() {
    Optimizer sharp = (parameters, objective, scope) -> {
      var gradients = objective.at(parameters).gradients();
      return parameters.map((path, p) ->
          p.sub(objective.at(parameters.map((q, v) -> v.add(gradients.get(q)))).gradients().get(path)));
    };
    assertThatThrownBy(() -> trained(task(sharp), Fixtures.numbers(8), Settings.of(1, 4).withAccumulation(2)))
        .hasMessageContaining("leave out 'accumulate'");
  }

  @Test
  void aGradientThatIsNotFiniteIsNotAdded() throws Exception {
    Task bad = Task.of(Sequential.of(Dense.of(3)).then("shrink", (dev.ashlar.model.Activation) x -> x.log())
        .then("head", Dense.of(1)), new MeanSquaredError(), Sgd.of(0.1));
    assertThatThrownBy(() -> trained(bad, Fixtures.numbers(8), Settings.of(1, 4).withAccumulation(2)))
        .isInstanceOfSatisfying(DivergedException.class, e -> assertThat(e.where()).contains("layer 'shrink'"));
  }

  /** One update in an epoch: the weights after each are those of shorter runs. */
  @Test
  void whatIsKeptAreTheAverages() throws Exception {
    Dataset data = Fixtures.numbers(12);
    Task task = task(Sgd.of(0.3));
    double[] average = {};
    for (int epochs = 1; epochs <= 4; epochs++) {
      double[] now = trained(task, data, epochs(epochs)).get("dense.weight");
      double[] before = average;
      average = epochs == 1 ? now
          : IntStream.range(0, now.length).mapToDouble(i -> 0.75 * before[i] + 0.25 * now[i]).toArray();
    }
    try (var result = trainer.train(task, Examples.of(data), epochs(4).withEma(0.75))) {
      assertThat(values(result).get("dense.weight")).containsExactly(average, within(1e-6));
      assertThat(result.metrics().get("train")).isEqualTo(trainer.evaluate(task, result.model(), data, 12));
      assertThat(values(result).get("dense.weight")).isNotEqualTo(trained(task, data, epochs(4)).get("dense.weight"));
    }
    Map<String, double[]> pieces = trained(task, data,
        new Settings(4, 4, 0, false, Settings.Keep.LAST, "loss", Optional.empty()).withAccumulation(3).withEma(0.75));
    assertThat(pieces.get("dense.weight")).containsExactly(average, within(2e-6));
  }

  /** Running statistics belong to the weights: they are averaged in the same way. */
  @Test
  void runningStatisticsAreAveragedToo() throws Exception {
    Dataset data = Fixtures.numbers(12);
    Task task = Task.of(Sequential.of(Dense.of(4), new BatchNorm(), Dense.of(1)), new MeanSquaredError(), Sgd.of(0.3));
    double[] average = {};
    for (int epochs = 1; epochs <= 4; epochs++) {
      double[] now = variance(task, data, epochs(epochs));
      double[] before = average;
      average = epochs == 1 ? now
          : IntStream.range(0, now.length).mapToDouble(i -> 0.75 * before[i] + 0.25 * now[i]).toArray();
    }
    assertThat(variance(task, data, epochs(4).withEma(0.75))).containsExactly(average, within(1e-6));
    assertThat(average).isNotEqualTo(variance(task, data, epochs(4)));
    // What several batches of an update have noted, one after the other, counts once.
    Settings pieces = new Settings(1, 4, 0, false, Settings.Keep.LAST, "loss", Optional.empty()).withAccumulation(3);
    assertThat(variance(task, data, pieces.withEma(0.75))).containsExactly(variance(task, data, pieces));
  }

  private double[] variance(Task task, Dataset data, Settings settings) throws Exception {
    try (var result = trainer.train(task, Examples.of(data), settings)) {
      return result.model().store().read("batch_norm.variance").toDoubles();
    }
  }

  private static Settings epochs(int epochs) {
    return new Settings(epochs, 12, 0, false, Settings.Keep.LAST, "loss", Optional.empty());
  }

  @Test
  void theBestAveragesAreKept() throws Exception {
    Examples examples = Examples.of(Fixtures.numbers(40), new Split(0, 0.5, true, 0));
    Task wild = task(Sgd.of(0.9)).withGradients(new ClipByGlobalNorm(2));
    List<Double> measured = new ArrayList<>();
    Trainer listening = new Trainer(new ReferenceBackend(), new TrainingListener() {
      @Override
      public void epoch(EpochReport report) {
        measured.add(report.metrics().get("validation").get("loss"));
      }
    });
    try (var result = listening.train(wild, examples, Settings.of(6, 4).withEma(0.9))) {
      double best = measured.stream().mapToDouble(m -> m).min().orElseThrow();
      assertThat(listening.evaluate(wild, result.model(), examples.validation().orElseThrow(), 4).get("loss"))
          .isEqualTo(best);
    }
  }

  @Test
  void aScheduleHeedsWhatIsMeasured() throws Exception {
    Task wild = task(Sgd.of(0).withLearningRate(new Plateau(1, 0.5, 0, 1e-4, 0, 0)));
    Examples examples = Examples.of(Fixtures.numbers(40), new Split(0, 0.5, true, 0));
    List<Boolean> better = new ArrayList<>();
    Trainer listening = new Trainer(new ReferenceBackend(), new TrainingListener() {
      @Override
      public void epoch(EpochReport report) {
        better.add(report.best());
      }
    });
    try (var result = listening.train(wild, examples, Settings.of(8, 4))) {
      // What is measured after the last epoch is not heeded any more.
      long worse = better.subList(0, 7).stream().filter(b -> !b).count();
      assertThat(worse).isPositive();
      assertThat(result.model().store().read("training.schedule_0.value").item())
          .isCloseTo(Math.pow(0.5, worse), within(1e-7));
    }
  }

  /** Such as AUROC where one class is missing. */
  @Test
  void aMeasureThatIsNoNumberIsWorseThanAnyOther() throws Exception {
    for (double first : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      Task task = task(Sgd.of(0).withLearningRate(new Plateau(1, 0.5, 1, 1e-4, 0, 0)))
          .withMetrics(new java.util.TreeMap<>(Map.of("falling", new Falling(first))));
      Settings settings = new Settings(8, 4, 0, true, Settings.Keep.BEST, "falling", Optional.empty());
      try (var result = new Trainer(new ReferenceBackend(true)).train(task, Examples.of(Fixtures.numbers(8)), settings)) {
        assertThat(result.model().store().read("training.schedule_0.value").item()).isEqualTo(1);
        assertThat(result.epoch()).isEqualTo(8);
      }
    }
    Task never = task(Sgd.of(0.1)).withMetrics(new java.util.TreeMap<>(Map.of("auroc", new Auroc())));
    Settings patient = new Settings(8, 4, 0, true, Settings.Keep.BEST, "auroc", Optional.of(2));
    Dataset one = Datasets.of(Map.of("input", NDArray.zeros(TensorType.of(DType.F32, 8, 4)),
        "target", NDArray.zeros(TensorType.of(DType.F32, 8, 1))));
    try (var result = trainer.train(never, Examples.of(one), patient)) {
      assertThat(result.metrics().get("train").get("auroc")).isNaN();
      assertThat(result.epochs()).as("out of patience").isEqualTo(3);
      assertThat(result.epoch()).as("the latest").isEqualTo(3);
    }
  }

  /** Measures something that gets smaller each time, but for the first. */
  private record Falling(double first, AtomicInteger asked) implements Metric {
    Falling(double first) {
      this(first, new AtomicInteger());
    }

    @Override
    public Tensors statistics(Tensors outputs, Batch batch) {
      return Tensors.of("examples", batch.weight().sum());
    }

    @Override
    public double result(Map<String, double[]> statistics) {
      int before = asked.getAndIncrement();
      return before == 0 ? first : 1.0 / before;
    }
  }

  /** Groups, averages and looking ahead ride on the kernels that update the parameters. */
  @Test
  void updatesStayFew() throws Exception {
    AdamW plain = AdamW.of(0.01);
    int alone = kernels(plain, false);
    Groups groups = new Groups(Map.of("*.bias", plain.withWeightDecay(0)), plain);
    assertThat(kernels(groups, false)).isLessThanOrEqualTo(alone);
    assertThat(kernels(new Groups(Map.of("dense.*", new Frozen()), plain), false)).isLessThan(alone);
    assertThat(kernels(plain, true)).isLessThanOrEqualTo(alone);
    assertThat(kernels(Lookahead.of(plain), false)).isLessThanOrEqualTo(alone);
  }

  private static int kernels(Optimizer optimizer, boolean averaged) throws Exception {
    List<String> kernels = new ArrayList<>();
    try (Backend backend = Cpu.defaults().withThreads(1).open()) {
      backend.profile(work -> {
        if (work.program().equals("step")) {
          kernels.add(work.kernel());
        }
        return (start, end) -> {};
      });
      Settings settings = averaged ? Settings.of(1, 4).withEma(0.9) : Settings.of(1, 4);
      new Trainer(backend).train(task(optimizer), Examples.of(Fixtures.numbers(4)), settings).close();
    }
    return kernels.size();
  }
}
