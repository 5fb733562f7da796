package dev.ashlar.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.backend.cpu.Cpu;
import dev.ashlar.data.Dataset;
import dev.ashlar.io.data.Datasets;
import dev.ashlar.layers.Dense;
import dev.ashlar.layers.Embedding;
import dev.ashlar.layers.Repeat;
import dev.ashlar.layers.Sequential;
import dev.ashlar.layers.TransformerBlock;
import dev.ashlar.layers.activations.Activations;
import dev.ashlar.layers.losses.CrossEntropy;
import dev.ashlar.layers.losses.MeanSquaredError;
import dev.ashlar.model.Batch;
import dev.ashlar.optimizers.AdamW;
import dev.ashlar.optimizers.ClipByGlobalNorm;
import dev.ashlar.program.Backend;
import dev.ashlar.reference.ReferenceBackend;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.ShapeException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs of so many updates, values that are computed again, and whether all of it fits into memory. */
class CourseTest {

  private static final Settings EPOCHS = new Settings(3, 4, 1, true, Settings.Keep.LAST, "loss", Optional.empty());

  private final List<EpochReport> reports = new ArrayList<>();
  private final List<TrainingStart> starts = new ArrayList<>();
  private final Trainer trainer = new Trainer(new ReferenceBackend(), new TrainingListener() {
    @Override
    public void started(TrainingStart start) {
      starts.add(start);
    }

    @Override
    public void epoch(EpochReport report) {
      reports.add(report);
    }
  });

  private static Task dense() {
    return Task.of(Sequential.of(Dense.of(3).withActivation(Activations.TANH), Dense.of(1)), new MeanSquaredError(),
        AdamW.of(0.01));
  }

  private static Map<String, float[]> values(Model model) {
    Map<String, float[]> values = new LinkedHashMap<>();
    model.store().types().keySet().forEach(name -> values.put(name, model.store().read(name).toFloats()));
    return values;
  }

  private Map<String, float[]> trained(Task task, Dataset data, Settings settings) throws Exception {
    try (var result = trainer.train(task, Examples.of(data), settings)) {
      return values(result.model());
    }
  }

  private static void assertSameBits(Map<String, float[]> some, Map<String, float[]> others) {
    assertThat(some.keySet()).isEqualTo(others.keySet());
    some.forEach((name, value) -> assertThat(value).as(name).isEqualTo(others.get(name)));
  }

  /** Eleven examples in batches of four are three updates an epoch, whoever counts. */
  @Test
  void stepsAreThoseOfEpochs() throws Exception {
    Dataset data = Fixtures.numbers(11);
    assertSameBits(trained(dense(), data, EPOCHS), trained(dense(), data, EPOCHS.withSteps(9, 2)));
    assertThat(reports).extracting(EpochReport::step).containsExactly(3L, 6L, 9L, 2L, 4L, 6L, 8L, 9L);
    assertThat(starts).extracting(TrainingStart::byEpoch).containsExactly(true, false);
    assertThat(starts).extracting(TrainingStart::steps).containsExactly(9L, 9L);
    assertThat(starts).extracting(TrainingStart::epochs).containsExactly(3, 5);
    assertThat(starts.getFirst().work().tokens()).isZero();
  }

  @Test
  void stepsOfSeveralBatchesAreThoseOfEpochsToo() throws Exception {
    Dataset data = Fixtures.numbers(11);
    Settings epochs = EPOCHS.withAccumulation(2);
    assertSameBits(trained(dense(), data, epochs), trained(dense(), data, epochs.withSteps(6, 4)));
    assertThat(reports).extracting(EpochReport::step).containsExactly(2L, 4L, 6L, 4L, 6L);
  }

  @Test
  void aRunEndsInTheMiddleOfAnEpoch() throws Exception {
    try (var result = trainer.train(dense(), Examples.of(Fixtures.numbers(40)), EPOCHS.withSteps(4, 100))) {
      assertThat(result.steps()).isEqualTo(4);
      assertThat(result.epochs()).isEqualTo(1);
    }
    assertThat(Course.of(EPOCHS.withSteps(4, 100), 40).periods()).isEqualTo(1);
    assertThat(Course.of(EPOCHS, 40)).isEqualTo(new Course(10, 1, 30, 10, true));
    Settings byDefault = new Settings(3, 4, 1, true, Settings.Keep.LAST, "loss", Optional.empty(), 1,
        Optional.of(1000), Optional.empty(), Optional.empty(), Optional.empty(), Checkpointing.STANDARD, Settings.OnNan.STOP);
    assertThat(Course.of(byDefault, 40)).isEqualTo(new Course(10, 1, 1000, 100, false));
  }

  /** There may be no end of examples to learn from. */
  @Test
  void asManyExamplesAreMeasuredAsAreSetApart() throws Exception {
    Examples examples = Examples.of(Fixtures.numbers(100), new Split(0, 0.1, true, 0));
    assertThat(Parts.learnt(examples, EPOCHS, Course.of(EPOCHS, 90)).size()).isEqualTo(90);
    Settings steps = EPOCHS.withSteps(4, 2);
    assertThat(Parts.learnt(examples, steps, Course.of(steps, 90)).size()).isEqualTo(10);
    Examples all = Examples.of(Fixtures.numbers(100));
    assertThat(Parts.learnt(all, steps, Course.of(steps, 100)).size()).isEqualTo(8);
  }

  // ---------------------------------------------------------------- values computed again

  private static Task gpt() {
    return Task.of(Sequential.of(Embedding.of(11, 16), new Repeat(3, TransformerBlock.of(2).withDropout(0.1)),
        Dense.of(11)), new CrossEntropy(), AdamW.of(0.01)).withGradients(new ClipByGlobalNorm(1));
  }

  private static Dataset tokens(int rows, int length) {
    Random random = new Random(3);
    int[] input = random.ints((long) rows * length, 0, 11).toArray();
    int[] target = random.ints((long) rows * length, 0, 11).toArray();
    return Datasets.of(Map.of(Batch.INPUT, NDArray.of(Shape.of(rows, length), input),
        Batch.TARGET, NDArray.of(Shape.of(rows, length), target)));
  }

  /** Noise comes out again, and gradients of several batches and their clipping are the same too. */
  @ParameterizedTest
  @ValueSource(strings = {"blocks", "repeat.1", "repeat.*.attention, *.up", "repeat"})
  void valuesComputedAgainAreTheSame(String parts) throws Exception {
    Dataset data = tokens(6, 8);
    Settings kept = new Settings(2, 2, 1, true, Settings.Keep.LAST, "loss", Optional.empty());
    try (Backend cpu = Cpu.defaults().withThreads(1).open()) {
      for (Settings settings : List.of(kept, kept.withAccumulation(2))) {
        try (var one = new Trainer(cpu).train(gpt(), Examples.of(data), settings);
            var other = new Trainer(cpu).train(gpt(), Examples.of(data), settings.withRemat(parts))) {
          assertSameBits(values(one.model()), values(other.model()));
        }
      }
    }
  }

  @Test
  void partsAreNamedByWhatThereIs() {
    Map<String, dev.ashlar.tensor.TensorType> columns = tokens(6, 8).columns();
    assertThat(Programs.rematerialized("blocks", gpt(), columns)).isEmpty();
    assertThat(Programs.rematerialized("reapet.*", gpt(), columns)).map(ShapeException::getMessage).get().asString()
        .contains("a pattern that matches some parts").contains("'reapet.*', which matches no part");
    assertThat(Programs.rematerialized("blocks", dense(), Fixtures.numbers(4).columns()))
        .map(ShapeException::found).contains("'blocks', and no part of the model is repeated");
  }

  /** Long sequences keep much in each block, and a gradient is made as soon as its block is on. */
  @Test
  void lessMemoryIsPlanned() {
    Examples examples = Examples.of(tokens(4, 256));
    Task deep = Task.of(Sequential.of(Embedding.of(11, 32), new Repeat(8, TransformerBlock.of(2)), Dense.of(11)),
        new CrossEntropy(), AdamW.of(0.01));
    Settings kept = new Settings(1, 4, 1, true, Settings.Keep.LAST, "loss", Optional.empty());
    try (Backend cpu = Cpu.defaults().withThreads(1).open()) {
      long all = TrainingMemory.of(deep, examples, kept, cpu).step();
      assertThat(TrainingMemory.of(deep, examples, kept.withRemat("blocks"), cpu).step()).isLessThan(all * 4 / 10);
    }
  }

  // ---------------------------------------------------------------- memory

  @Test
  void whatDoesNotFitSaysWhatWould() throws Exception {
    Examples examples = Examples.of(tokens(16, 64));
    Settings settings = new Settings(1, 16, 1, true, Settings.Keep.LAST, "loss", Optional.empty());
    try (Backend cpu = Cpu.defaults().withThreads(1).open()) {
      var plan = UpdatePrograms.Plan.of(Updates.of(gpt(), settings, 1), examples.train(), 16);
      long needed = TrainingMemory.of(gpt(), examples, settings, cpu).needed();
      MemoryShortage.check(plan, gpt(), examples, settings, cpu, needed);
      assertThatThrownBy(() -> MemoryShortage.check(plan, gpt(), examples, settings, cpu, needed - 1))
          .isInstanceOfSatisfying(MemoryShortage.class, shortage -> {
            assertThat(shortage.needed()).isEqualTo(needed);
            assertThat(shortage.remedies()).extracting(MemoryShortage.Remedy::settings)
                .containsExactly("remat: blocks", "batch: 8, accumulate: 2");
            assertThat(shortage.remedies()).allMatch(MemoryShortage.Remedy::fits);
            Settings again = settings.withRemat("blocks");
            assertThat(shortage.remedies().getFirst().bytes())
                .isEqualTo(TrainingMemory.of(gpt(), examples, again, cpu).needed());
          });
      assertThatThrownBy(() -> MemoryShortage.check(plan, gpt(), examples, settings, cpu, 1000))
          .isInstanceOfSatisfying(MemoryShortage.class, shortage -> {
            assertThat(shortage.remedies()).extracting(MemoryShortage.Remedy::settings).containsExactly("remat: blocks",
                "batch: 1, accumulate: 16", "remat: blocks, batch: 1, accumulate: 16");
            assertThat(shortage.help()).endsWith("none of these fits: make the model smaller, or its examples shorter");
          });
    }
  }
}
